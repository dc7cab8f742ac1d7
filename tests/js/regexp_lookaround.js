// Looking ahead and behind.
console.log("$10 €20 $30".match(/(?<=\$)\d+/g), "$10 €20 $30".match(/(?<!\$|\d)\d+/g));
console.log("1234567.891".replace(/(?<!\.\d*)(?<=\d)(?=(?:\d{3})+(?!\d))/g, ","));
console.log(/(?=(a+))a*b\1/.exec("baaabac").join());
console.log(/(?<=(\d+)(\d+))$/.exec("1053").slice(1).join(), "matched backwards");
console.log(/(?<=\1(a))b/.test("aab"), /q(?!u)/.exec("Iraq quits").index);
console.log("passWord1".match(/^(?=.*[A-Z])(?=.*\d)(?!.*\s).{8,}$/)?.[0]);
console.log("aXbXc".split(/(?=X)/), "aXbXc".split(/(?<=X)/));
