/** The least that an executable of this kind can be. */
console.log('hello')
