/** The last names of calls in a function that may work with a transaction; looked at before anything is resolved. */
export const DATABASE_WORDS = /^(add|add_all|delete|merge|flush|exec|execute|scalars?|bulk_\w+|a?save|a?create|a?update|\w*commit\w*)$/
