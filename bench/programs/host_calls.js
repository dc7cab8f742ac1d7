// `calls` calls the host once per turn; `bare` is the same loop without the call, to subtract.
({
  calls(count) {
    let sum = 0;
    for (let i = 0; i < count; i++) sum = add(sum, i);
    return sum;
  },
  bare(count) {
    let sum = 0;
    for (let i = 0; i < count; i++) sum = sum + i;
    return sum;
  },
})
