export * from './generated/nodes.ts'
export * from './generated/shape.ts'
export * from './syntax/node.ts'
export * from './syntax/parser.ts'
