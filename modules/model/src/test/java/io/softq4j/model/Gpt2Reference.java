package io.softq4j.model;

import java.util.Map;

/** GPT-2's forward pass written from its description, in float64 and plain loops: shares nothing with the graph. */
final class Gpt2Reference {

    private final Gpt2Config config;
    private final Map<String, double[]> weights;

    Gpt2Reference(Gpt2Config config, Map<String, double[]> weights) {
        this.config = config;
        this.weights = weights;
    }

    /** Logits [T][V] of one sequence. */
    double[][] logits(int[] ids) {
        int d = config.nEmbd();
        double[] wte = weights.get("transformer.wte.weight");
        double[] wpe = weights.get("transformer.wpe.weight");
        double[][] x = new double[ids.length][d];
        for (int t = 0; t < ids.length; t++) {
            for (int j = 0; j < d; j++) {
                x[t][j] = wte[ids[t] * d + j] + wpe[t * d + j];
            }
        }
        for (int layer = 0; layer < config.nLayer(); layer++) {
            String block = "transformer.h." + layer;
            add(x, linear(block + ".attn.c_proj", attend(linear(block + ".attn.c_attn", norm(block + ".ln_1", x), 3 * d)), d));
            double[][] hidden = linear(block + ".mlp.c_fc", norm(block + ".ln_2", x), 4 * d);
            for (double[] row : hidden) {
                for (int j = 0; j < row.length; j++) {
                    double u = row[j];
                    row[j] = 0.5 * u * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (u + 0.044715 * u * u * u)));
                }
            }
            add(x, linear(block + ".mlp.c_proj", hidden, d));
        }
        x = norm("transformer.ln_f", x);
        double[][] logits = new double[ids.length][config.vocabSize()];
        for (int t = 0; t < ids.length; t++) {
            for (int v = 0; v < config.vocabSize(); v++) {
                for (int j = 0; j < d; j++) {
                    logits[t][v] += x[t][j] * wte[v * d + j];
                }
            }
        }
        return logits;
    }

    private double[][] attend(double[][] qkv) {
        int d = config.nEmbd();
        int k = d / config.nHead();
        double[][] out = new double[qkv.length][d];
        for (int h = 0; h < config.nHead(); h++) {
            for (int t = 0; t < qkv.length; t++) {
                double[] weight = new double[t + 1];
                double sum = 0;
                for (int s = 0; s <= t; s++) {
                    double score = 0;
                    for (int j = 0; j < k; j++) {
                        score += qkv[t][h * k + j] * qkv[s][d + h * k + j];
                    }
                    weight[s] = Math.exp(score / Math.sqrt(k));
                    sum += weight[s];
                }
                for (int s = 0; s <= t; s++) {
                    for (int j = 0; j < k; j++) {
                        out[t][h * k + j] += weight[s] / sum * qkv[s][2 * d + h * k + j];
                    }
                }
            }
        }
        return out;
    }

    private double[][] linear(String name, double[][] x, int out) {
        double[] w = weights.get(name + ".weight");
        double[] b = weights.get(name + ".bias");
        double[][] y = new double[x.length][out];
        for (int t = 0; t < x.length; t++) {
            for (int o = 0; o < out; o++) {
                y[t][o] = b[o];
                for (int i = 0; i < x[t].length; i++) {
                    y[t][o] += x[t][i] * w[i * out + o];
                }
            }
        }
        return y;
    }

    private double[][] norm(String name, double[][] x) {
        double[] g = weights.get(name + ".weight");
        double[] b = weights.get(name + ".bias");
        double[][] y = new double[x.length][g.length];
        for (int t = 0; t < x.length; t++) {
            double mean = 0;
            double square = 0;
            for (double v : x[t]) {
                mean += v / g.length;
            }
            for (double v : x[t]) {
                square += (v - mean) * (v - mean) / g.length;
            }
            for (int j = 0; j < g.length; j++) {
                y[t][j] = (x[t][j] - mean) / Math.sqrt(square + config.layerNormEpsilon()) * g[j] + b[j];
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
