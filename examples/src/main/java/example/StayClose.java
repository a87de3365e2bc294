package example;

import io.softq4j.graph.plan.Parameters;
import io.softq4j.objective.Batch;
import io.softq4j.objective.Counts;
import io.softq4j.objective.Description;
import io.softq4j.objective.Figures;
import io.softq4j.objective.Objective;
import java.nio.FloatBuffer;
import java.util.List;

/** An objective over another: that, and strength / 2 times the squared distance of the weights from where they began (L2-SP, arXiv 1802.01483). */
record StayClose(Objective inner, double strength, List<float[]> began) implements Objective {

    static StayClose around(Objective inner, double strength) {
        return new StayClose(inner, strength, inner.parameters().slots().stream().map(slot -> {
            float[] began = new float[slot.size()];
            slot.values().get(0, began);
            return began;
        }).toList());
    }

    @Override public Parameters parameters() {
        return inner.parameters();
    }

    @Override public Figures accumulate(Batch batch, Counts total, long step) {
        long tokens = batch.counts().responseTokens();
        double distance = pull(strength * tokens / total.responseTokens());    // this micro-batch's share of the step
        return inner.accumulate(batch, total, step).term("distance", distance * tokens, tokens, strength / 2);
    }

    @Override public Figures evaluate(Batch batch, long step) {
        return inner.evaluate(batch, step).term("distance", pull(0), 1, strength / 2);
    }

    private double pull(double factor) {    // adds factor x (w - w0) to the gradient and returns the squared distance
        double distance = 0;
        for (int i = 0; i < began.size(); i++) {
            FloatBuffer w = parameters().slots().get(i).values(), gradient = parameters().slots().get(i).gradients();
            for (int j = 0; j < w.capacity(); j++) {
                double moved = w.get(j) - began.get(i)[j];
                distance += moved * moved;
                gradient.put(j, (float) (gradient.get(j) + factor * moved));
            }
        }
        return distance;
    }

    @Override public Description describe() {
        return inner.describe().and("distance", "the squared distance of the weights from where they began", strength / 2 + " distance");
    }

    @Override public void close() {
        inner.close();
    }
}
