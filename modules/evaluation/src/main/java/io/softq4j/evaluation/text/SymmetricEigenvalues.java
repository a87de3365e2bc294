package io.softq4j.evaluation.text;

/**
 * Eigenvalues of a symmetric matrix: Householder's reduction to three diagonals, then QL with implicit shifts (Golub and Van Loan, Matrix
 * Computations, sections 8.3.1 and 8.3.3; EISPACK's tred1 and imtql1). Time 4/3 n^3 for the reduction.
 */
final class SymmetricEigenvalues {

    private static final int MOST_STEPS = 60;
    private static final double EPSILON = Math.ulp(1.0);

    private SymmetricEigenvalues() {
    }

    /** The eigenvalues, in no order. @param matrix [n][n], of which nothing is changed */
    static double[] of(double[][] matrix) {
        int n = matrix.length;
        double[][] a = new double[n][];
        for (int i = 0; i < n; i++) {
            a[i] = matrix[i].clone();
        }
        double[] diagonal = new double[n];
        double[] beside = new double[n]; // beside[i] stands between i - 1 and i
        reduce(a, diagonal, beside);
        iterate(diagonal, beside);
        return diagonal;
    }

    /**
     * Reduces from the last row up: of row i all but the element beside the diagonal become 0 by a reflection of rows and columns 0 to i -
     * 1.
     */
    private static void reduce(double[][] a, double[] diagonal, double[] beside) {
        for (int i = a.length - 1; i > 0; i--) {
            double[] v = a[i];
            double norm = 0;
            for (int k = 0; k < i - 1; k++) {
                norm += v[k] * v[k];
            }
            diagonal[i] = v[i];
            if (norm == 0) {
                beside[i] = v[i - 1];
                continue;
            }
            double length = Math.sqrt(norm + v[i - 1] * v[i - 1]);
            beside[i] = v[i - 1] > 0 ? -length : length;
            v[i - 1] -= beside[i];
            double half = (norm + v[i - 1] * v[i - 1]) / 2; // A <- A - v w' - w v', w = p - (v'p / 2h) v, p = A v / h
            reflect(a, v, i, half);
        }
        if (a.length > 0) {
            diagonal[0] = a[0][0];
        }
    }

    private static void reflect(double[][] a, double[] v, int n, double half) {
        double[] p = new double[n];
        for (int r = 0; r < n; r++) {
            double[] row = a[r];
            double sum = row[r] * v[r];
            double vr = v[r];
            for (int c = 0; c < r; c++) { // the lower triangle alone
                sum += row[c] * v[c];
                p[c] += row[c] * vr;
            }
            p[r] += sum;
        }
        double along = 0;
        for (int r = 0; r < n; r++) {
            p[r] /= half;
            along += p[r] * v[r];
        }
        along /= 2 * half;
        for (int r = 0; r < n; r++) {
            p[r] -= along * v[r];
        }
        for (int r = 0; r < n; r++) {
            double[] row = a[r];
            double vr = v[r];
            double pr = p[r];
            for (int c = 0; c <= r; c++) {
                row[c] -= vr * p[c] + pr * v[c];
            }
        }
    }

    private static void iterate(double[] d, double[] beside) {
        int n = d.length;
        double[] e = new double[n]; // e[i] stands between i and i + 1
        System.arraycopy(beside, Math.min(1, n), e, 0, Math.max(0, n - 1));
        double negligible = 0; // beside the largest, not beside its neighbours: of a matrix of low rank these are rounding too
        for (int i = 0; i < n; i++) {
            negligible = Math.max(negligible, EPSILON * (Math.abs(d[i]) + Math.abs(e[i])));
        }
        for (int l = 0; l < n; l++) {
            for (int step = 0; ; step++) {
                int m = l;
                while (m < n - 1 && Math.abs(e[m]) > negligible) {
                    m++;
                }
                if (m == l) {
                    break;
                }
                if (step == MOST_STEPS) {
                    throw new ArithmeticException("eigenvalue " + l + " of " + n + " did not converge in " + MOST_STEPS + " steps");
                }
                sweep(d, e, l, m);
            }
        }
    }

    /** One implicit QL step on rows l to m. */
    private static void sweep(double[] d, double[] e, int l, int m) {
        double g = (d[l + 1] - d[l]) / (2 * e[l]);
        double r = Math.hypot(g, 1);
        g = d[m] - d[l] + e[l] / (g + (g >= 0 ? r : -r));
        double s = 1;
        double c = 1;
        double p = 0;
        for (int i = m - 1; i >= l; i--) {
            double f = s * e[i];
            double b = c * e[i];
            r = Math.hypot(f, g);
            e[i + 1] = r;
            if (r == 0) {
                d[i + 1] -= p;
                e[m] = 0;
                return;
            }
            s = f / r;
            c = g / r;
            g = d[i + 1] - p;
            r = (d[i] - g) * s + 2 * c * b;
            p = s * r;
            d[i + 1] = g + p;
            g = c * r - b;
        }
        d[l] -= p;
        e[l] = g;
        e[m] = 0;
    }
}
