package io.softq4j.evaluation;

/** Student's t distribution for whole degrees of freedom (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4). */
final class StudentT {

    private StudentT() {
    }

    /** The t for which |T| is at most t with this probability, in (0, 1). */
    static double twoSided(double probability, int freedom) {
        double low = 0;
        double high = 1;
        while (within(high, freedom) < probability) {
            high *= 2;
        }
        for (double middle = (low + high) / 2; low < middle && middle < high; middle = (low + high) / 2) {
            if (within(middle, freedom) < probability) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    /** The probability that |T| is at most t. */
    static double within(double t, int freedom) {
        double angle = StrictMath.atan(t / StrictMath.sqrt(freedom));
        double cosine = StrictMath.cos(angle);
        boolean odd = freedom % 2 == 1;
        double term = odd ? cosine : 1;
        double sum = freedom == 1 ? 0 : term;
        for (int k = odd ? 3 : 2; k < freedom - 1; k += 2) {
            term *= cosine * cosine * (k - 1) / k;
            sum += term;
        }
        return odd ? 2 / StrictMath.PI * (angle + StrictMath.sin(angle) * sum) : StrictMath.sin(angle) * sum;
    }
}
