// The real thread's program; the module before it gets each drawing first and can be told to misbehave.
import './fragile.ts'
import '../../src/charts/worker.ts'
