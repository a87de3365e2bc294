package io.softq4j.evaluation;

/**
 * pass@k: the probability that at least one of k samples is correct, estimated from n of which c are.
 *
 * <p>The unbiased estimator of Chen et al. 2021 (arXiv 2107.03374, Eq. 1), {@code 1 - C(n-c, k) / C(n, k)}, as the product
 * {@code 1 - prod_{i=n-c+1..n} (1 - k/i)}, which neither overflows nor cancels.
 */
public final class PassAtK {

    private PassAtK() {
    }

    /**
     * The estimate for one prompt, in [0, 1]; at k = 1 it is c / n.
     *
     * @param n samples drawn, at least 1
     * @param c samples that are correct, 0 to n
     * @param k tries, 1 to n
     */
    public static double estimate(int n, int c, int k) {
        if (n < 1 || c < 0 || c > n || k < 1 || k > n) {
            throw new IllegalArgumentException("pass@k of n=" + n + " samples, c=" + c + " correct, k=" + k + ": needs 0 <= c <= n and 1 <= k <= n");
        }
        if (n - c < k) {
            return 1;
        }
        double allWrong = 1;
        for (int i = n - c + 1; i <= n; i++) {
            allWrong *= 1 - (double) k / i;
        }
        return 1 - allWrong;
    }
}
