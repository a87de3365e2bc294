package io.softq4j.model;

import java.util.Map;

/**
 * The forward pass of Llama and its variants written from the papers, in float64 and plain loops: shares nothing with the graph, nor with
 * how {@code config.json} is read.
 */
final class LlamaReference {

    private final LlamaCheckpoint model;
    private final Map<String, double[]> weights;

    LlamaReference(LlamaCheckpoint model, Map<String, double[]> weights) {
        this.model = model;
        this.weights = weights;
    }

    /** Logits [T][V] of one sequence at positions 0, 1, ... */
    double[][] logits(int[] ids) {
        double[] table = weights.get("model.embed_tokens.weight");
        double[][] x = new double[ids.length][LlamaCheckpoint.WIDTH];
        for (int t = 0; t < ids.length; t++) {
            System.arraycopy(table, ids[t] * LlamaCheckpoint.WIDTH, x[t], 0, LlamaCheckpoint.WIDTH);
        }
        for (int layer = 0; layer < LlamaCheckpoint.LAYERS; layer++) {
            String block = "model.layers." + layer + ".";
            double[][] normed = norm(weights.get(block + "input_layernorm.weight"), x);
            double[][][] query = heads(block + "self_attn.q", normed, model.heads(), true);
            double[][][] key = heads(block + "self_attn.k", normed, model.keyValues(), true);
            double[][][] value = heads(block + "self_attn.v", normed, model.keyValues(), false);
            add(x, product(attend(query, key, value), weights.get(block + "self_attn.o_proj.weight"), LlamaCheckpoint.WIDTH));
            normed = norm(weights.get(block + "post_attention_layernorm.weight"), x);
            double[][] gate = product(normed, weights.get(block + "mlp.gate_proj.weight"), LlamaCheckpoint.INNER);
            double[][] up = product(normed, weights.get(block + "mlp.up_proj.weight"), LlamaCheckpoint.INNER);
            for (int t = 0; t < ids.length; t++) {
                for (int j = 0; j < LlamaCheckpoint.INNER; j++) {
                    up[t][j] *= gate[t][j] / (1 + Math.exp(-gate[t][j])); // Shazeer 2020, section 2
                }
            }
            add(x, product(up, weights.get(block + "mlp.down_proj.weight"), LlamaCheckpoint.WIDTH));
        }
        double[] output = model.tied() ? table : weights.get("lm_head.weight");
        return product(norm(weights.get("model.norm.weight"), x), output, LlamaCheckpoint.VOCABULARY);
    }

    /** [head][T][K], projected, with bias, norm and rotation where they belong. */
    private double[][][] heads(String name, double[][] x, int count, boolean turned) {
        int k = model.headDim();
        double[][] all = product(x, weights.get(name + "_proj.weight"), count * k);
        double[][][] heads = new double[count][x.length][k];
        for (int h = 0; h < count; h++) {
            for (int t = 0; t < x.length; t++) {
                for (int j = 0; j < k; j++) {
                    heads[h][t][j] = all[t][h * k + j] + (model.bias() ? weights.get(name + "_proj.bias")[h * k + j] : 0);
                }
            }
            if (turned && model.headNorm()) {
                heads[h] = norm(weights.get(name + "_norm.weight"), heads[h]);
            }
            for (int t = 0; turned && t < x.length; t++) {
                turn(heads[h][t], t);
            }
        }
        return heads;
    }

    /** Su et al. 2021, eq. 34, with the pairs (j, j + K / 2). */
    private void turn(double[] head, int position) {
        int half = head.length / 2;
        for (int j = 0; j < half; j++) {
            double angle = position * frequency(j);
            double a = head[j];
            double b = head[j + half];
            head[j] = a * Math.cos(angle) - b * Math.sin(angle);
            head[j + half] = a * Math.sin(angle) + b * Math.cos(angle);
        }
    }

    /** The scalings as they are told in wavelengths. */
    private double frequency(int j) {
        double frequency = 1 / Math.pow(model.theta(), 2.0 * j / model.headDim());
        if (model.fields().contains("linear")) {
            return frequency / 2.5;
        }
        if (!model.fields().contains("llama3")) {
            return frequency;
        }
        double wavelength = 2 * Math.PI / frequency;
        if (wavelength > 128 / 1.0) {
            return frequency / 8;
        }
        if (wavelength < 128 / 8.0) {
            return frequency;
        }
        double smooth = (128 / wavelength - 1) / (8 - 1);
        return (1 - smooth) * frequency / 8 + smooth * frequency;
    }

    private double[][] attend(double[][][] query, double[][][] key, double[][][] value) {
        int length = query[0].length;
        int k = model.headDim();
        double[][] out = new double[length][query.length * k];
        for (int h = 0; h < query.length; h++) {
            int shared = h * key.length / query.length;
            for (int t = 0; t < length; t++) {
                double[] weight = new double[t + 1];
                double sum = 0;
                for (int s = 0; s <= t; s++) {
                    double score = 0;
                    for (int j = 0; j < k; j++) {
                        score += query[h][t][j] * key[shared][s][j];
                    }
                    weight[s] = Math.exp(score / Math.sqrt(k));
                    sum += weight[s];
                }
                for (int s = 0; s <= t; s++) {
                    for (int j = 0; j < k; j++) {
                        out[t][h * k + j] += weight[s] / sum * value[shared][s][j];
                    }
                }
            }
        }
        return out;
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
    private static double[][] norm(double[] gain, double[][] x) {
        double[][] y = new double[x.length][gain.length];
        for (int t = 0; t < x.length; t++) {
            double square = 0;
            for (double v : x[t]) {
                square += v * v / gain.length;
            }
            for (int j = 0; j < gain.length; j++) {
                y[t][j] = x[t][j] / Math.sqrt(square + LlamaCheckpoint.EPSILON) * gain[j];
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
