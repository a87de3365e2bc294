package io.softq4j.benchmark;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Size of a GPT-2 model and of the batch a step trains it on.
 *
 * @param layers     L
 * @param width      D, a multiple of {@code heads}
 * @param heads      H
 * @param vocabulary V
 * @param rows       B
 * @param length     T, also the number of positions of the model
 */
public record ModelShape(int layers, int width, int heads, int vocabulary, int rows, int length) {

    /** The model of a first experiment: 6 layers of width 384. */
    public static final ModelShape SMALL = new ModelShape(6, 384, 6, 8192, 8, 256);

    /** GPT-2 of 124 million parameters. */
    public static final ModelShape GPT2 = new ModelShape(12, 768, 12, 50257, 4, 256);

    public ModelShape {
        for (int extent : new int[] {layers, width, heads, vocabulary, rows, length}) {
            if (extent < 1) {
                throw new IllegalArgumentException("every extent of a shape must be at least 1, was " + extent);
            }
        }
        if (width % heads != 0) {
            throw new IllegalArgumentException("width must be a multiple of heads, was " + width + " with " + heads + " heads");
        }
    }

    /** The shape {@link #text} wrote. */
    public static ModelShape parse(String text) {
        int[] n = Arrays.stream(text.split(",")).mapToInt(Integer::parseInt).toArray();
        if (n.length != 6) {
            throw new IllegalArgumentException("a shape is six numbers, L,D,H,V,B,T, was " + text);
        }
        return new ModelShape(n[0], n[1], n[2], n[3], n[4], n[5]);
    }

    /** {@code L,D,H,V,B,T}, as it goes to another process. */
    public String text() {
        return Stream.of(layers, width, heads, vocabulary, rows, length).map(String::valueOf).collect(Collectors.joining(","));
    }

    /** The same model on other batches. */
    public ModelShape withBatch(int rows, int length) {
        return new ModelShape(layers, width, heads, vocabulary, rows, length);
    }

    /** The same with another vocabulary. */
    public ModelShape withVocabulary(int vocabulary) {
        return new ModelShape(layers, width, heads, vocabulary, rows, length);
    }

    /** Tokens of a step, B T. */
    public int tokens() {
        return rows * length;
    }

    @Override
    public String toString() {
        return layers + " x " + width + ", V " + vocabulary + ", B " + rows + ", T " + length;
    }
}
