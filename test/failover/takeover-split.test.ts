import { story } from './story.ts'

story('split')
