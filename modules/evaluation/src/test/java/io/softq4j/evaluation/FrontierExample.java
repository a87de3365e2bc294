package io.softq4j.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Invented sweeps: quality falls and diversity rises with temperature, better for larger lambda. */
final class FrontierExample {

    static final List<Double> TEMPERATURES = List.of(0.5, 0.7, 0.9, 1.1, 1.3);

    private FrontierExample() {
    }

    static List<FrontierPoint> points(int seeds, double... lambdas) {
        List<FrontierPoint> points = new ArrayList<>();
        Random noise = new Random(7);
        for (double lambda : lambdas) {
            for (double temperature : TEMPERATURES) {
                for (int seed = 0; seed < seeds; seed++) {
                    double diversity = 18 + 42 * temperature + 30 * Math.sqrt(lambda) + 3 * noise.nextGaussian();
                    double quality = 0.95 - 0.35 * Math.pow(temperature, 2.2) / 1.5 + 0.1 * Math.sqrt(lambda) + 0.015 * noise.nextGaussian();
                    points.add(new FrontierPoint("lambda=" + (lambda == 0 ? "0" : lambda), temperature, seed, quality, diversity));
                }
            }
        }
        return points;
    }

    static Frontier frontier(int seeds, double... lambdas) {
        return Frontier.of("accuracy", "100 - Self-BLEU (prompt level)", points(seeds, lambdas), "lambda=0");
    }
}
