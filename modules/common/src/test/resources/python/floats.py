"""Writes floats.txt: floats as 64 bits in hexadecimal, and as str() spells them. Python's standard library alone; any version from 3.2 on gives the same."""
import random
import struct

random.seed(26)
values = [0.0, -0.0, 1.0, 3.0, 1e3, 0.1, 1.10, 10000000.0, 12345678.0, 1e10, 1e15, 1e16, 9999999999999998.0, 123456789012345680.0, 1e22, 1e23, 2e23,
          0.001, 0.0001, 0.00012, 0.00001, 1e-7, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 9007199254740993.0, 2.0 ** 63, 1 / 3,
          2e-3, 100.0, -1e-5, -1e16, 16777216.0, 3.14, 4.35, 2.675, float("inf"), float("-inf"), float("nan")]
values += [round(random.uniform(-1e6, 1e6), random.randrange(6)) for _ in range(100)]
values += [random.uniform(-1, 1) * 10.0 ** random.randrange(-30, 30) for _ in range(100)]
values += [v for v in (struct.unpack(">d", random.randbytes(8))[0] for _ in range(100)) if v == v]
with open("floats.txt", "w") as out:
    for v in values:
        out.write(struct.pack(">d", v).hex() + " " + str(v) + "\n")
