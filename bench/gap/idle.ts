/** The control: a process that does nothing but live. */
setInterval(() => {}, 1_000)
