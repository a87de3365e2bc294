package io.softq4j.graph.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ProductsTest {

    private static final int LDA = 23;
    private static final int LDB = 29;
    private static final int LDC = 31;

    private static Tile random(Random random, int size) {
        Tile tile = Tile.allocate(size);
        for (int i = 0; i < size; i++) {
            tile.floats().put(i, (float) random.nextGaussian());
        }
        return tile;
    }

    /** Against three loops in double, parts of larger matrices, added to what was there. */
    @Test
    void productsOfPartsOfMatrices() {
        int m = 7;
        int n = 11;
        int k = 5;
        for (String ops : new String[] {"NN", "NT", "TN"}) {
            Random random = new Random(3);
            Tile a = random(random, 20 * LDA);
            Tile b = random(random, 20 * LDB);
            Tile c = random(random, 20 * LDC);
            double[] expected = new double[m * n];
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    double sum = 0.5 * c.floats().get(LDC * i + j + 1);
                    for (int l = 0; l < k; l++) {
                        float x = a.floats().get(ops.charAt(0) == 'N' ? LDA * i + l + 2 : LDA * l + i + 2);
                        float y = b.floats().get(ops.charAt(1) == 'N' ? LDB * l + j + 3 : LDB * j + l + 3);
                        sum += x * y;
                    }
                    expected[i * n + j] = sum;
                }
            }
            Products.multiply(ops.charAt(0), ops.charAt(1), m, n, k, 1, a.at(2), LDA, b.at(3), LDB, 0.5f, c.at(1), LDC);
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    assertEquals(expected[i * n + j], c.floats().get(LDC * i + j + 1), 1e-5, ops + " " + i + " " + j);
                }
            }
        }
    }
}
