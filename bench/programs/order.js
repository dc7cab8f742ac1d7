(async () => greet(await charge(499)))()
