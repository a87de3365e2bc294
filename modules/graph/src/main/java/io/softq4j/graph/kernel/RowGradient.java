package io.softq4j.graph.kernel;

/**
 * The gradient of a row of logits as its coefficients: dz = (a + c log p) p + b e, where p = softmax(z / tau) and e is 1 at the logit that
 * was picked. Cross-entropy and whatever is a function of V and q needs a and b alone; a function of the entropy needs c.
 */
public final class RowGradient {

    private double a;
    private double b;
    private double c;

    /** Adds {@code factor} x p: dV is p. */
    public void addProbabilities(double factor) {
        a += factor;
    }

    /** Adds {@code factor} x e: dq is e. */
    public void addChosen(double factor) {
        b += factor;
    }

    /** Adds {@code factor} x p log p: dH is -(p log p + H p) / tau. */
    public void addWeightedLog(double factor) {
        c += factor;
    }

    /** Sets all to 0. */
    public void clear() {
        a = 0;
        b = 0;
        c = 0;
    }

    /** a. */
    public float a() {
        return (float) a;
    }

    /** b. */
    public float b() {
        return (float) b;
    }

    /** c. */
    public float c() {
        return (float) c;
    }
}
