package io.softq4j.model;

import java.util.Map;

/**
 * The forward pass of GPT-NeoX written from the papers, in float64 and plain loops: shares nothing with the graph, nor with how
 * {@code config.json} is read.
 */
final class GptNeoXReference {

    private final GptNeoXCheckpoint model;
    private final Map<String, double[]> weights;

    GptNeoXReference(GptNeoXCheckpoint model, Map<String, double[]> weights) {
        this.model = model;
        this.weights = weights;
    }

    /** Logits [T][V] of one sequence at positions 0, 1, ... */
    double[][] logits(int[] ids) {
        int d = GptNeoXCheckpoint.WIDTH;
        double[] table = weights.get("gpt_neox.embed_in.weight");
        double[][] x = new double[ids.length][d];
        for (int t = 0; t < ids.length; t++) {
            System.arraycopy(table, ids[t] * d, x[t], 0, d);
        }
        for (int layer = 0; layer < GptNeoXCheckpoint.LAYERS; layer++) {
            String block = "gpt_neox.layers." + layer + ".";
            double[][] qkv = linear(block + "attention.query_key_value", norm(block + "input_layernorm", x), 3 * d);
            double[][] attended = linear(block + "attention.dense", attend(qkv), d);
            if (model.parallel()) {
                double[][] fed = feed(block, x); // Black et al. 2022, section 2.1.2
                add(x, attended);
                add(x, fed);
            } else {
                add(x, attended);
                add(x, feed(block, x));
            }
        }
        double[] output = model.tied() ? table : weights.get("embed_out.weight");
        return product(norm("gpt_neox.final_layer_norm", x), output, Checkpoint.VOCABULARY);
    }

    private double[][] feed(String block, double[][] x) {
        double[][] inner = linear(block + "mlp.dense_h_to_4h", norm(block + "post_attention_layernorm", x), GptNeoXCheckpoint.INNER);
        for (double[] row : inner) {
            for (int j = 0; j < row.length; j++) {
                row[j] = gelu(row[j]);
            }
        }
        return linear(block + "mlp.dense_4h_to_h", inner, GptNeoXCheckpoint.WIDTH);
    }

    /** Hendrycks and Gimpel 2016, section 2: the definition, and the approximation below it. */
    private double gelu(double u) {
        return model.exact() ? u * normal(u) : 0.5 * u * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (u + 0.044715 * u * u * u)));
    }

    /** Phi(u) = 1/2 + phi(u) (u + u^3 / 3 + u^5 / (3 5) + ...). */
    private static double normal(double u) {
        double term = u;
        double sum = u;
        for (int i = 3; Math.abs(term) > 1e-18 * Math.abs(sum); i += 2) {
            term *= u * u / i;
            sum += term;
        }
        return 0.5 + Math.exp(-u * u / 2) / Math.sqrt(2 * Math.PI) * sum;
    }

    /** qkv [T][H 3 K]: query, key and value of the first head, then those of the second. */
    private double[][] attend(double[][] qkv) {
        int length = qkv.length;
        int k = GptNeoXCheckpoint.WIDTH / model.heads();
        double[][] out = new double[length][GptNeoXCheckpoint.WIDTH];
        for (int h = 0; h < model.heads(); h++) {
            int query = 3 * h * k;
            int key = query + k;
            int value = key + k;
            for (int t = 0; t < length; t++) {
                turn(qkv[t], query, t);
                turn(qkv[t], key, t);
                double[] weight = new double[t + 1];
                double sum = 0;
                for (int s = 0; s <= t; s++) {
                    double score = 0;
                    for (int j = 0; j < k; j++) {
                        score += qkv[t][query + j] * qkv[s][key + j];
                    }
                    weight[s] = Math.exp(score / Math.sqrt(k));
                    sum += weight[s];
                }
                for (int s = 0; s <= t; s++) {
                    for (int j = 0; j < k; j++) {
                        out[t][h * k + j] += weight[s] / sum * qkv[s][value + j];
                    }
                }
            }
        }
        return out;
    }

    /** Su et al. 2021, eq. 34, with the pairs (j, j + R / 2) of the first R dimensions. */
    private void turn(double[] row, int at, int position) {
        int half = model.turned() / 2;
        double factor = model.fields().contains("linear") ? 2.5 : 1;
        for (int j = 0; j < half; j++) {
            double angle = position / factor / Math.pow(model.base(), 2.0 * j / model.turned());
            double a = row[at + j];
            double b = row[at + j + half];
            row[at + j] = a * Math.cos(angle) - b * Math.sin(angle);
            row[at + j + half] = a * Math.sin(angle) + b * Math.cos(angle);
        }
    }

    private double[][] linear(String name, double[][] x, int out) {
        double[][] y = product(x, weights.get(name + ".weight"), out);
        double[] bias = weights.get(name + ".bias");
        for (int t = 0; bias != null && t < y.length; t++) {
            for (int o = 0; o < out; o++) {
                y[t][o] += bias[o];
            }
        }
        return y;
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

    private double[][] norm(String name, double[][] x) {
        double[] gain = weights.get(name + ".weight");
        double[] bias = weights.get(name + ".bias");
        double[][] y = new double[x.length][gain.length];
        for (int t = 0; t < x.length; t++) {
            double mean = 0;
            double square = 0;
            for (double v : x[t]) {
                mean += v / gain.length;
            }
            for (double v : x[t]) {
                square += (v - mean) * (v - mean) / gain.length;
            }
            for (int j = 0; j < gain.length; j++) {
                y[t][j] = (x[t][j] - mean) / Math.sqrt(square + GptNeoXCheckpoint.EPSILON) * gain[j] + bias[j];
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
