#!/usr/bin/env node
import module from 'node:module'

// Node 22.8 and later keep compiled code on disk, which makes the next start faster.
module.enableCompileCache?.()

await import('../dist/main.js')
