/** Runs the program of the first argument, as a module that is forked. */
await import(`data:text/javascript,${process.argv[2] ?? ""}`);
