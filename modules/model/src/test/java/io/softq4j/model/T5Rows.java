package io.softq4j.model;

import io.softq4j.graph.plan.Plan;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** One row of a source and one of a decoder. */
public record T5Rows(Row source, Row decoder) {

    /** Token ids, their positions, and the numbers of the sequences they are of. */
    public record Row(int[] ids, int[] positions, int[] segments) {

        public static Row of(int... ids) {
            int[] ones = new int[ids.length];
            Arrays.fill(ones, 1);
            return new Row(ids, IntStream.range(0, ids.length).toArray(), ones);
        }

        /** The same behind {@code left} and before {@code right} padding tokens, of an id that is no padding's. */
        Row padded(int left, int right) {
            int[] shifted = pad(ids, left, right);
            for (int i = 0; i < shifted.length; i++) {
                shifted[i] = i < left || i >= left + ids.length ? 6 : shifted[i];
            }
            return new Row(shifted, pad(positions, left, right), pad(segments, left, right));
        }

        private static int[] pad(int[] values, int left, int right) {
            int[] padded = new int[left + values.length + right];
            System.arraycopy(values, 0, padded, left, values.length);
            return padded;
        }

        Row at(int... otherPositions) {
            return new Row(ids, otherPositions, segments);
        }

        Row shifted(int by) {
            return at(Arrays.stream(positions).map(p -> p + by).toArray());
        }

        /** The other row behind this one, as sequence number 2. */
        Row packedWith(Row other) {
            int[] twos = new int[other.ids.length];
            Arrays.fill(twos, 2);
            return new Row(joined(ids, other.ids), joined(positions, other.positions), joined(segments, twos));
        }

        private static int[] joined(int[] a, int[] b) {
            return IntStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
        }
    }

    Map<String, long[]> shapes() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        List.of(ModelGraph.INPUT_IDS, ModelGraph.POSITION_IDS, ModelGraph.ATTENTION_MASK)
                .forEach(name -> shapes.put(name, new long[] {1, decoder.ids.length}));
        List.of(ModelGraph.SOURCE_IDS, ModelGraph.SOURCE_POSITION_IDS, ModelGraph.SOURCE_ATTENTION_MASK)
                .forEach(name -> shapes.put(name, new long[] {1, source.ids.length}));
        return shapes;
    }

    void write(Plan plan) {
        plan.write(ModelGraph.INPUT_IDS, decoder.ids);
        plan.write(ModelGraph.POSITION_IDS, decoder.positions);
        plan.write(ModelGraph.ATTENTION_MASK, decoder.segments);
        writeSource(plan);
    }

    void writeSource(Plan plan) {
        plan.write(ModelGraph.SOURCE_IDS, source.ids);
        plan.write(ModelGraph.SOURCE_POSITION_IDS, source.positions);
        plan.write(ModelGraph.SOURCE_ATTENTION_MASK, source.segments);
    }

    /** Logits [T][V]. */
    public double[][] logits(ModelGraph model) {
        try (Plan plan = Plan.compile(model.graph(), shapes(), List.of(model.logits().name()))) {
            write(plan);
            plan.run();
            return Models.matrix(plan, model.logits().name());
        }
    }
}
