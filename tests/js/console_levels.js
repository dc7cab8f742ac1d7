// The console: levels, several values, formats.
console.log();
console.log("a", 1, true, null, undefined, 5n, Symbol("s"));
console.info("info is like log");
console.debug("debug", { level: 0 });
console.warn("warn", [1]);
console.error("error", "twice");
console.log("%s is %d years and %i, %f; %j %o %%", "Ada", 36.5, 36.5, "1.5", { a: 1 }, [1], "rest");
console.log("100%", "%s", -0, [-0], "two\nlines");
