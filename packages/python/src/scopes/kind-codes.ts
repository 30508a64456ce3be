import type { Grammar } from '@krait/core'

// Small numbers for the node kinds that the semantic stages tell apart. They are separate constants, not an object, so that a `switch`
// over them compiles to a jump table; 0 is every other kind.
export const OTHER = 0
export const IDENTIFIER = 1
export const ATTRIBUTE = 2
export const CALL = 3
export const KEYWORD_ARGUMENT = 4
export const ASSIGNMENT = 5
export const AUGMENTED_ASSIGNMENT = 6
export const NAMED_EXPRESSION = 7
export const FUNCTION_DEFINITION = 8
export const CLASS_DEFINITION = 9
export const LAMBDA = 10
export const LIST_COMPREHENSION = 11
export const SET_COMPREHENSION = 12
export const DICTIONARY_COMPREHENSION = 13
export const GENERATOR_EXPRESSION = 14
export const FOR_IN_CLAUSE = 15
export const FOR_STATEMENT = 16
export const AS_PATTERN = 17
export const EXCEPT_CLAUSE = 18
export const IMPORT_STATEMENT = 19
export const IMPORT_FROM_STATEMENT = 20
export const FUTURE_IMPORT_STATEMENT = 21
export const GLOBAL_STATEMENT = 22
export const NONLOCAL_STATEMENT = 23
export const DELETE_STATEMENT = 24
export const TYPE_ALIAS_STATEMENT = 25
export const DOTTED_NAME = 26
export const SPLAT_PATTERN = 27
export const KEYWORD_PATTERN = 28
export const CLASS_PATTERN = 29
export const MEMBER_TYPE = 30
export const PARENTHESIZED_EXPRESSION = 31
export const TUPLE = 32
export const LIST = 33
export const PATTERN_LIST = 34
export const TUPLE_PATTERN = 35
export const LIST_PATTERN = 36
export const EXPRESSION_LIST = 37
export const LIST_SPLAT = 38
export const LIST_SPLAT_PATTERN = 39
export const DICTIONARY_SPLAT_PATTERN = 40
export const AS_PATTERN_TARGET = 41
export const TYPED_PARAMETER = 42
export const DEFAULT_PARAMETER = 43
export const TYPED_DEFAULT_PARAMETER = 44
export const PARAMETERS = 45
export const LAMBDA_PARAMETERS = 46
export const TYPE = 47
export const GENERIC_TYPE = 48
export const CONSTRAINED_TYPE = 49
export const SPLAT_TYPE = 50
export const TYPE_PARAMETER = 51
export const ALIASED_IMPORT = 52
export const WILDCARD_IMPORT = 53
export const RELATIVE_IMPORT = 54
export const SUBSCRIPT = 55
export const STRING = 56
export const CONCATENATED_STRING = 57
export const INTEGER = 58
export const FLOAT = 59
export const TRUE = 60
export const FALSE = 61
export const NONE = 62
export const ELLIPSIS = 63
export const SET = 64
export const DICTIONARY = 65
export const PAIR = 66
export const DICTIONARY_SPLAT = 67
export const BINARY_OPERATOR = 68
export const UNARY_OPERATOR = 69
export const NOT_OPERATOR = 70
export const BOOLEAN_OPERATOR = 71
export const COMPARISON_OPERATOR = 72
export const CONDITIONAL_EXPRESSION = 73
export const AWAIT = 74
export const YIELD = 75
export const UNION_TYPE = 76
export const ARGUMENT_LIST = 77
export const INTERPOLATION = 78
export const SLICE = 79
export const BLOCK = 80
export const RETURN_STATEMENT = 81
export const RAISE_STATEMENT = 82
export const BREAK_STATEMENT = 83
export const CONTINUE_STATEMENT = 84
export const IF_STATEMENT = 85
export const ELIF_CLAUSE = 86
export const ELSE_CLAUSE = 87
export const WHILE_STATEMENT = 88
export const TRY_STATEMENT = 89
export const FINALLY_CLAUSE = 90
export const WITH_STATEMENT = 91
export const MATCH_STATEMENT = 92
export const CASE_CLAUSE = 93
export const DECORATED_DEFINITION = 94
export const DECORATOR = 95
export const EXPRESSION_STATEMENT = 96
export const MODULE = 97
export const KEYWORD_SEPARATOR = 98
export const POSITIONAL_SEPARATOR = 99
export const CASE_PATTERN = 100
export const WITH_ITEM = 101
export const WITH_CLAUSE = 102
export const COMMENT = 103
export const STRING_CONTENT = 104
export const LINE_CONTINUATION = 105
export const ERROR = 106
export const IF_CLAUSE = 107

const CODE_BY_NAME: Readonly<Record<string, number>> = {
  identifier: IDENTIFIER,
  attribute: ATTRIBUTE,
  call: CALL,
  keyword_argument: KEYWORD_ARGUMENT,
  assignment: ASSIGNMENT,
  augmented_assignment: AUGMENTED_ASSIGNMENT,
  named_expression: NAMED_EXPRESSION,
  function_definition: FUNCTION_DEFINITION,
  class_definition: CLASS_DEFINITION,
  lambda: LAMBDA,
  list_comprehension: LIST_COMPREHENSION,
  set_comprehension: SET_COMPREHENSION,
  dictionary_comprehension: DICTIONARY_COMPREHENSION,
  generator_expression: GENERATOR_EXPRESSION,
  for_in_clause: FOR_IN_CLAUSE,
  for_statement: FOR_STATEMENT,
  as_pattern: AS_PATTERN,
  except_clause: EXCEPT_CLAUSE,
  import_statement: IMPORT_STATEMENT,
  import_from_statement: IMPORT_FROM_STATEMENT,
  future_import_statement: FUTURE_IMPORT_STATEMENT,
  global_statement: GLOBAL_STATEMENT,
  nonlocal_statement: NONLOCAL_STATEMENT,
  delete_statement: DELETE_STATEMENT,
  type_alias_statement: TYPE_ALIAS_STATEMENT,
  dotted_name: DOTTED_NAME,
  splat_pattern: SPLAT_PATTERN,
  keyword_pattern: KEYWORD_PATTERN,
  class_pattern: CLASS_PATTERN,
  member_type: MEMBER_TYPE,
  parenthesized_expression: PARENTHESIZED_EXPRESSION,
  tuple: TUPLE,
  list: LIST,
  pattern_list: PATTERN_LIST,
  tuple_pattern: TUPLE_PATTERN,
  list_pattern: LIST_PATTERN,
  expression_list: EXPRESSION_LIST,
  list_splat: LIST_SPLAT,
  list_splat_pattern: LIST_SPLAT_PATTERN,
  dictionary_splat_pattern: DICTIONARY_SPLAT_PATTERN,
  as_pattern_target: AS_PATTERN_TARGET,
  typed_parameter: TYPED_PARAMETER,
  default_parameter: DEFAULT_PARAMETER,
  typed_default_parameter: TYPED_DEFAULT_PARAMETER,
  parameters: PARAMETERS,
  lambda_parameters: LAMBDA_PARAMETERS,
  type: TYPE,
  generic_type: GENERIC_TYPE,
  constrained_type: CONSTRAINED_TYPE,
  splat_type: SPLAT_TYPE,
  type_parameter: TYPE_PARAMETER,
  aliased_import: ALIASED_IMPORT,
  wildcard_import: WILDCARD_IMPORT,
  relative_import: RELATIVE_IMPORT,
  subscript: SUBSCRIPT,
  string: STRING,
  concatenated_string: CONCATENATED_STRING,
  integer: INTEGER,
  float: FLOAT,
  true: TRUE,
  false: FALSE,
  none: NONE,
  ellipsis: ELLIPSIS,
  set: SET,
  dictionary: DICTIONARY,
  pair: PAIR,
  dictionary_splat: DICTIONARY_SPLAT,
  binary_operator: BINARY_OPERATOR,
  unary_operator: UNARY_OPERATOR,
  not_operator: NOT_OPERATOR,
  boolean_operator: BOOLEAN_OPERATOR,
  comparison_operator: COMPARISON_OPERATOR,
  conditional_expression: CONDITIONAL_EXPRESSION,
  await: AWAIT,
  yield: YIELD,
  union_type: UNION_TYPE,
  argument_list: ARGUMENT_LIST,
  interpolation: INTERPOLATION,
  slice: SLICE,
  block: BLOCK,
  return_statement: RETURN_STATEMENT,
  raise_statement: RAISE_STATEMENT,
  break_statement: BREAK_STATEMENT,
  continue_statement: CONTINUE_STATEMENT,
  if_statement: IF_STATEMENT,
  elif_clause: ELIF_CLAUSE,
  else_clause: ELSE_CLAUSE,
  while_statement: WHILE_STATEMENT,
  try_statement: TRY_STATEMENT,
  finally_clause: FINALLY_CLAUSE,
  with_statement: WITH_STATEMENT,
  match_statement: MATCH_STATEMENT,
  case_clause: CASE_CLAUSE,
  decorated_definition: DECORATED_DEFINITION,
  decorator: DECORATOR,
  expression_statement: EXPRESSION_STATEMENT,
  module: MODULE,
  keyword_separator: KEYWORD_SEPARATOR,
  positional_separator: POSITIONAL_SEPARATOR,
  case_pattern: CASE_PATTERN,
  with_item: WITH_ITEM,
  with_clause: WITH_CLAUSE,
  comment: COMMENT,
  string_content: STRING_CONTENT,
  line_continuation: LINE_CONTINUATION,
  ERROR,
  if_clause: IF_CLAUSE,
}

/** The ids of the fields that the semantic stages read. */
export interface FieldIds {
  readonly alias: number
  readonly alternative: number
  readonly arguments: number
  readonly attribute: number
  readonly body: number
  readonly condition: number
  readonly consequence: number
  readonly definition: number
  readonly function: number
  readonly key: number
  readonly left: number
  readonly module_name: number
  readonly name: number
  readonly object: number
  readonly operator: number
  readonly operators: number
  readonly parameters: number
  readonly return_type: number
  readonly right: number
  readonly subscript: number
  readonly superclasses: number
  readonly type: number
  readonly type_parameters: number
  readonly value: number
  readonly expression: number
  readonly argument: number
  readonly guard: number
}

const FIELD_NAMES = [
  'alias',
  'alternative',
  'arguments',
  'attribute',
  'body',
  'condition',
  'consequence',
  'definition',
  'function',
  'key',
  'left',
  'module_name',
  'name',
  'object',
  'operator',
  'operators',
  'parameters',
  'return_type',
  'right',
  'subscript',
  'superclasses',
  'type',
  'type_parameters',
  'value',
  'expression',
  'argument',
  'guard',
] as const satisfies readonly (keyof FieldIds)[]

/** What the semantic stages know of a grammar: the code of each kind id, and field ids. */
export interface KindTable {
  /** Code by kind id. */
  readonly codes: Uint8Array
  readonly fields: FieldIds
}

const tables = new WeakMap<Grammar, KindTable>()

/** The table of a grammar; made once per grammar. */
export function kindTableOf(grammar: Grammar): KindTable {
  let table = tables.get(grammar)
  if (!table) {
    table = makeTable(grammar)
    tables.set(grammar, table)
  }
  return table
}

function makeTable(grammar: Grammar): KindTable {
  const codes = new Uint8Array(grammar.kindNames.length)
  for (const [name, code] of Object.entries(CODE_BY_NAME)) {
    for (const id of grammar.kindIds(name)) codes[id] = code
  }
  codes[grammar.errorKind] = ERROR
  const fields = Object.fromEntries(FIELD_NAMES.map((name) => [name, grammar.fieldId(name)]))
  return { codes, fields: fields as unknown as FieldIds }
}
