package io.softq4j.model;

import java.util.Map;

/**
 * The forward pass of T5 written from the papers, in float64 and plain loops: shares nothing with the graph, nor with how
 * {@code config.json} is read.
 */
final class T5Reference {

    private final T5Checkpoint model;
    private final Map<String, double[]> weights;

    T5Reference(T5Checkpoint model, Map<String, double[]> weights) {
        this.model = model;
        this.weights = weights;
    }

    /** Logits [T][V] of one decoder sequence that reads one source. */
    double[][] logits(int[] source, int[] ids) {
        double[][] encoded = stack("encoder", model.encoderLayers(), source, null);
        double[][] decoded = stack("decoder", model.decoderLayers(), ids, encoded);
        if (!model.tied()) {
            return product(decoded, weights.get("lm_head.weight"), T5Checkpoint.VOCABULARY);
        }
        for (double[] row : decoded) {
            for (int j = 0; j < row.length; j++) {
                row[j] /= Math.sqrt(T5Checkpoint.WIDTH);
            }
        }
        return product(decoded, weights.get("shared.weight"), T5Checkpoint.VOCABULARY);
    }

    /** @param encoded what a decoder reads, null for the encoder */
    private double[][] stack(String stack, int blocks, int[] ids, double[][] encoded) {
        boolean decoder = encoded != null;
        double[][] x = new double[ids.length][T5Checkpoint.WIDTH];
        for (int t = 0; t < ids.length; t++) {
            System.arraycopy(weights.get("shared.weight"), ids[t] * T5Checkpoint.WIDTH, x[t], 0, T5Checkpoint.WIDTH);
        }
        double[][][] bias = bias(weights.get(stack + ".block.0.layer.0.SelfAttention.relative_attention_bias.weight"), ids.length, decoder);
        for (int block = 0; block < blocks; block++) {
            String layer = stack + ".block." + block + ".layer.";
            double[][] normed = norm(layer + "0.layer_norm", x);
            add(x, attention(layer + "0.SelfAttention", normed, normed, bias));
            if (decoder) {
                double[][][] none = new double[model.heads()][ids.length][encoded.length];
                add(x, attention(layer + "1.EncDecAttention", norm(layer + "1.layer_norm", x), encoded, none));
            }
            String last = layer + (decoder ? 2 : 1);
            add(x, feedForward(last + ".DenseReluDense", norm(last + ".layer_norm", x)));
        }
        return norm(stack + ".final_layer_norm", x);
    }

    /** [head][query][key]; minus infinity where the key is hidden. */
    private double[][][] bias(double[] table, int length, boolean causal) {
        double[][][] bias = new double[model.heads()][length][length];
        for (int h = 0; h < model.heads(); h++) {
            for (int q = 0; q < length; q++) {
                for (int k = 0; k < length; k++) {
                    int half = model.buckets() / 2;
                    int bucket = causal ? bucket(q - k, model.buckets()) : (k > q ? half : 0) + bucket(Math.abs(q - k), half);
                    bias[h][q][k] = causal && k > q ? Double.NEGATIVE_INFINITY : table[bucket * model.heads() + h];
                }
            }
        }
        return bias;
    }

    /**
     * One bucket for each distance of the first half, then such that the edges of buckets are a geometric row which ends at the maximum.
     */
    private int bucket(int distance, int buckets) {
        int exact = buckets / 2;
        if (distance < exact) {
            return Math.max(0, distance);
        }
        int bucket = exact;
        while (bucket + 1 < buckets) {
            double edge = exact * Math.pow((double) model.maxDistance() / exact, (bucket + 1.0 - exact) / (buckets - exact));
            if (distance < edge - 1e-9) {
                return bucket;
            }
            bucket++;
        }
        return bucket;
    }

    private double[][] attention(String name, double[][] queries, double[][] keys, double[][][] bias) {
        int k = model.headDim();
        int inner = model.heads() * k;
        double[][] q = product(queries, weights.get(name + ".q.weight"), inner);
        double[][] key = product(keys, weights.get(name + ".k.weight"), inner);
        double[][] value = product(keys, weights.get(name + ".v.weight"), inner);
        double[][] out = new double[queries.length][inner];
        for (int h = 0; h < model.heads(); h++) {
            for (int t = 0; t < queries.length; t++) {
                double[] weight = new double[keys.length];
                double sum = 0;
                for (int s = 0; s < keys.length; s++) {
                    double score = bias[h][t][s];
                    for (int j = h * k; j < (h + 1) * k; j++) {
                        score += q[t][j] * key[s][j];
                    }
                    weight[s] = Math.exp(score);
                    sum += weight[s];
                }
                for (int s = 0; s < keys.length; s++) {
                    for (int j = h * k; j < (h + 1) * k; j++) {
                        out[t][j] += weight[s] / sum * value[s][j];
                    }
                }
            }
        }
        return product(out, weights.get(name + ".o.weight"), T5Checkpoint.WIDTH);
    }

    private double[][] feedForward(String name, double[][] x) {
        double[][] inner = product(x, weights.get(name + (model.gated() ? ".wi_0.weight" : ".wi.weight")), T5Checkpoint.INNER);
        double[][] linear = model.gated() ? product(x, weights.get(name + ".wi_1.weight"), T5Checkpoint.INNER) : null;
        for (int t = 0; t < x.length; t++) {
            for (int j = 0; j < T5Checkpoint.INNER; j++) {
                double u = inner[t][j];
                inner[t][j] = model.gated() // Hendrycks and Gimpel 2016, section 2, the form with tanh
                        ? 0.5 * u * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (u + 0.044715 * u * u * u))) * linear[t][j]
                        : Math.max(0, u);
            }
        }
        return product(inner, weights.get(name + ".wo.weight"), T5Checkpoint.WIDTH);
    }

    /** x W^T, W [out][in]. */
    private static double[][] product(double[][] x, double[] w, int out) {
        double[][] y = new double[x.length][out];
        for (int t = 0; t < x.length; t++) {
            int in = x[t].length;
            for (int o = 0; o < out; o++) {
                for (int i = 0; i < in; i++) {
                    y[t][o] += x[t][i] * w[o * in + i];
                }
            }
        }
        return y;
    }

    /** Zhang and Sennrich 2019, eq. 4, with epsilon under the root. */
    private double[][] norm(String name, double[][] x) {
        double[] gain = weights.get(name + ".weight");
        double[][] y = new double[x.length][gain.length];
        for (int t = 0; t < x.length; t++) {
            double square = 0;
            for (double v : x[t]) {
                square += v * v / gain.length;
            }
            for (int j = 0; j < gain.length; j++) {
                y[t][j] = x[t][j] / Math.sqrt(square + T5Checkpoint.EPSILON) * gain[j];
            }
        }
        return y;
    }

    private static void add(double[][] x, double[][] y) {
        for (int t = 0; t < x.length; t++) {
            for (int j = 0; j < x[t].length; j++) {
                x[t][j] += y[t][j];
            }
        }
    }
}
