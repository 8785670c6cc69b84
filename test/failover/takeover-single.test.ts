import { story } from './story.ts'

story('single')
