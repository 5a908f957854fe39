import { availableParallelism } from 'node:os'
import { type MessagePort, Worker } from 'node:worker_threads'

/** Each thread holds one task's estate: more of them than this would be quicker, and take as many times as much memory. */
const MOST = 8

interface Numbered<T> {
  readonly index: number
  readonly value: T
}

/**
 * Has the module at `module` answer the tasks, on as many threads as there are processors, one task at a time on each. Tasks and
 * answers are plain data; the answers stand in the order of the tasks. Errors: what a thread throws.
 */
export const inWorkers = async <Task, Answer>(
  module: URL,
  workerData: unknown,
  tasks: readonly Task[],
): Promise<readonly Answer[]> => {
  const answers: Answer[] = []
  const waiting = tasks.entries()
  const serve = (worker: Worker): Promise<void> =>
    new Promise((resolve, reject) => {
      const next = (): void => {
        const { value: task, done } = waiting.next()
        if (done === true) resolve()
        else worker.postMessage({ index: task[0], value: task[1] } satisfies Numbered<Task>)
      }
      worker.on('message', ({ index, value }: Numbered<Answer>) => {
        answers[index] = value
        next()
      })
      worker.on('error', reject)
      worker.on('exit', code => reject(new Error(`a thread ended before its work did, with ${code}`)))
      next()
    })
  const threads = Array.from(
    { length: Math.min(MOST, availableParallelism(), tasks.length) },
    () => new Worker(module, { workerData }),
  )
  try {
    await Promise.all(threads.map(serve))
  } finally {
    await Promise.all(threads.map(thread => thread.terminate()))
  }
  return answers
}

/** The other side: a thread's own. `moved` is handed over instead of copied. */
export const answerTasks = <Task, Answer>(
  port: MessagePort | null,
  work: (task: Task) => { readonly answer: Answer; readonly moved: readonly ArrayBuffer[] },
): void => {
  port?.on('message', ({ index, value }: Numbered<Task>) => {
    const { answer, moved } = work(value)
    port.postMessage({ index, value: answer } satisfies Numbered<Answer>, [...moved])
  })
}
