/** Functions and methods that begin a statement, by the last part of their names. */
export const STATEMENT_FUNCTIONS: ReadonlySet<string> = new Set(
  'select insert update delete query union union_all intersect intersect_all except_ except_all'.split(' '),
)

/** Methods that give a changed statement: https://docs.sqlalchemy.org/en/20/core/selectable.html#sqlalchemy.sql.expression.Select */
export const GENERATIVE_METHODS: ReadonlySet<string> = new Set(
  `add_columns add_cte add_entity autoflush column correlate correlate_except distinct enable_assertions enable_eagerloads execution_options except_ except_all
  fetch filter filter_by from_self from_statement group_by having intersect intersect_all join join_from limit offset on_conflict_do_nothing
  on_conflict_do_update on_duplicate_key_update only_return_tuples options order_by outerjoin outerjoin_from params populate_existing prefix_with
  reduce_columns reset_joinpoint returning return_defaults select_from set_label_style slice suffix_with union union_all values where with_entities
  with_for_update with_hint with_labels with_only_columns with_session with_statement_hint with_transformation yield_per`.split(/\s+/),
)

/** Those that change neither what is selected nor from what, nor how many rows. */
export const NEUTRAL_METHODS: ReadonlySet<string> = new Set(
  `autoflush correlate correlate_except enable_assertions enable_eagerloads execution_options only_return_tuples options order_by params populate_existing
  prefix_with reset_joinpoint set_label_style suffix_with with_for_update with_hint with_labels with_session with_statement_hint yield_per offset`.split(/\s+/),
)

/** Methods that execute the statement they are given. */
export const SESSION_METHODS: ReadonlySet<string> = new Set('execute exec scalar scalars stream stream_scalars'.split(' '))

/** Methods of results that give a result of the same rows. */
export const RESULT_PASSES: ReadonlySet<string> = new Set(
  'scalars unique mappings tuples columns yield_per execution_options freeze partitions'.split(' '),
)

/** Methods of results and legacy queries that give rows. */
export const RESULT_METHODS: ReadonlySet<string> = new Set(
  'all fetchall fetchmany fetchone first get_or_404 first_or_404 one one_or_404 one_or_none scalar scalar_one scalar_one_or_none'.split(' '),
)

/** Functions of `sqlalchemy.func` that make one value of many rows. */
export const AGGREGATES: ReadonlySet<string> = new Set(
  `aggregate_strings any_value array_agg avg bit_and bit_or bool_and bool_or corr count covar_pop covar_samp every group_concat json_agg json_object_agg
  jsonb_agg jsonb_object_agg listagg max median min mode percentile_cont percentile_disc regr_count stddev stddev_pop stddev_samp string_agg sum total
  var_pop var_samp variance xmlagg`.split(/\s+/),
)

/** Functions that give the elements of what they are given. */
export const CONTAINERS: ReadonlySet<string> = new Set(['builtins.list', 'builtins.tuple', 'builtins.sorted', 'builtins.set'])
