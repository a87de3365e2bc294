package io.softq4j.workflow;

import io.softq4j.common.Exclusive;
import io.softq4j.common.Sha256;
import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import io.softq4j.model.AdapterConfig;
import io.softq4j.model.ModelConfig;
import io.softq4j.objective.Batch;
import io.softq4j.objective.StartValues;
import io.softq4j.objective.softq.StateValues;
import io.softq4j.tokens.Example;
import io.softq4j.training.TrainingConfig;
import io.softq4j.training.rows.Collator;
import io.softq4j.training.rows.ExampleSource;
import io.softq4j.training.rows.StepSource;
import io.softq4j.training.rows.TrainingData;
import io.softq4j.training.rows.ValidationSource;
import io.softq4j.training.run.BaselineFiles;
import io.softq4j.training.run.RunRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The baseline of a run: the values, under the model that the run starts from, of the rows that the run will read. They are computed once
 * before the first
 * step, by a forward pass over the examples that the run will read, kept in the run directory, from where a resumed run has them, and in
 * the cache, where
 * another run of the same model and data finds them. Nothing is done where the objective needs none.
 */
final class StartBaseline implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StartBaseline.class);

    private static final String TRAIN = "train";
    private static final String VALIDATION = "validation";
    private static final int SHOWN = 32;

    /** Rows at once, where packing would put so many examples into the rows of a batch. */
    private static final int MOST_ROWS = 64;

    /** Batches that are sorted by length together, so that little is padded. */
    private static final int SORTED_BATCHES = 64;

    /** Examples of which the one number is the mean. */
    private static final int SAMPLED = 512;

    private final Optional<StartValues> what;
    private final Start start;
    private final TrainingData examples;
    private final Collator collator;
    private final int rows;
    private final Map<String, String> identity = new TreeMap<>();
    private Optional<BaselineFiles> files = Optional.empty();

    /**
     * Of a run that has not begun.
     *
     * @param what     the objective needs
     * @param start    where the weights come from
     * @param examples as the model reads them
     * @param training with rows no longer than the model's context
     * @param record   of the run, with the hashes of weights and data
     */
    StartBaseline(Optional<StartValues> what, Start start, ModelConfig size, TrainingData examples, TrainingConfig training,
            RunRecord record) {
        this.what = what;
        this.start = start;
        this.examples = examples;
        collator = new Collator(examples.eosId(), training.maxLength(), examples.maxTokens(), training.bucketMultiple(), false,
                examples.encoderDecoder());
        rows = rows(training);
        what.ifPresent(values -> {
            record.fixed().forEach((key, value) -> {
                if (key.startsWith("training data") || key.startsWith("validation data")
                        || key.startsWith("model that the run starts from")) {
                    identity.put(key, value);
                }
            });
            if (start instanceof Start.Weights weights && AdapterConfig.isIn(ModelDirectory.find(weights.path()))) {
                identity.put("model of the adapter, weights of sha256",
                        RunIdentity.hash(ModelDirectory.base(ModelDirectory.find(weights.path()))));
            }
            identity.put("configuration of the model, sha256", Sha256.of(size.toString()));
            identity.put("longest row, longest example", training.maxLength() + ", " + examples.maxTokens());
            identity.put("token that ends a response", Integer.toString(examples.eosId()));
            identity.put("objective.tau", Double.toString(values.tau()));
            identity.put("objective.baseline", values.constant() ? "constant" : "base_model");
        });
    }

    private int rows(TrainingConfig training) {
        int each = training.perDeviceTrainBatchSize();
        if (!training.packing() || what.isEmpty()) {
            return each;
        }
        int longest = 1;
        for (long i = 0; i < examples.train().size(); i++) {
            longest = Math.max(longest, Math.min(examples.train().length(i), training.maxLength()));
        }
        return Math.max(each, Math.min(MOST_ROWS, each * (training.maxLength() / longest)));
    }

    /** Refuses an objective that needs a model to start from where there is none. */
    static void check(Optional<StartValues> what, Start start) {
        if (what.isPresent() && !(start instanceof Start.Weights)) {
            throw new UserError("objective.baseline is " + (what.get().constant() ? "constant" : "base_model")
                    + ", which is taken from the model that a run "
                    + "starts from, and this run starts from fresh weights, whose logits have no level of their own yet. Leave it out "
                    + "(objective.baseline=none), or give a model: --model DIR.");
        }
    }

    /** The examples with their baseline, from {@link #prepare} on. */
    TrainingData examples() {
        if (what.isEmpty()) {
            return examples;
        }
        Map<String, ExampleSource> eval = new LinkedHashMap<>();
        examples.eval().forEach((set, source) -> eval.put(set, source.with((index, example) -> of(part(set), index, example))));
        return new TrainingData(examples.train().with((index, example) -> of(TRAIN, index, example)), eval, examples.eosId(),
                examples.maxTokens(), examples.encoderDecoder());
    }

    /** What the files call a set of validation examples: by its place, since a name may hold any character. */
    private String part(String set) {
        int place = List.copyOf(examples.eval().keySet()).indexOf(set);
        return VALIDATION + (place == 0 ? "" : "-" + (place + 1));
    }

    private float[] of(String part, long index, Example example) {
        if (files.isEmpty()) {
            return new float[0];
        }
        if (!what.orElseThrow().constant()) {
            return files.get().get(part, index);
        }
        float[] constant = new float[collator.kept(example)];
        Arrays.fill(constant, (float) files.get().constant());
        return constant;
    }

    /**
     * Finds what was computed before or computes it.
     *
     * @param out   the run directory
     * @param steps so many of them are read
     * @param stop  whether to end early
     * @throws CancellationException if it was to end early; nothing of this is kept then
     */
    void prepare(Path out, StepSource source, long steps, Map<String, ValidationSource> validation, boolean resume, WorkListener progress,
                 BooleanSupplier stop) {
        if (what.isEmpty()) {
            return;
        }
        Path own = out.resolve(BaselineFiles.DIRECTORY);
        Map<String, BitSet> needed = new LinkedHashMap<>();
        if (!what.get().constant()) {
            needed.put(TRAIN, read(source, steps));
            validation.forEach((set, rowsOf) -> needed.put(part(set), set(rowsOf.reads())));
        }
        if (resume && Files.exists(own)) {
            BaselineFiles before = BaselineFiles.open(own);
            requireSame(before, own);
            if (needed.entrySet().stream().allMatch(part -> part.getValue().stream().allMatch(i -> before.has(part.getKey(), i)))) {
                files = Optional.of(before);
                return;
            }
            LOG.info("the run goes on for longer: the baseline of what it will read now is computed from the model that it started from");
            try (before) {    // examples that only the longer run reads
                compute(own, before.of(), needed, Optional.of(before), progress, stop);
            }
        } else {
            if (Files.exists(own) && !BaselineFiles.isIn(own)) {
                throw new UserError(own
                        + " is in the way: the baseline of the run is to be kept there. Move it away, or choose another --out.");
            }
            Map<String, String> of = new TreeMap<>(identity);
            of.put("computed in", rows + " rows, a multiple of " + collator.bucketMultiple() + ", " + Lowering.best());
            needed.forEach((part, set) -> of.put("examples of " + part, set.cardinality() + ", sha256 " + Sha256.of(set.toByteArray())));
            Path cached = cache(own, Sha256.of(of.toString()).substring(0, SHOWN));
            try (Exclusive alone = Exclusive.on(cached, () -> LOG.info("waiting for another softq that computes the same baseline"))) {
                boolean reused = BaselineFiles.isWhole(cached, of);
                if (!reused) {
                    compute(cached, of, needed, Optional.empty(), progress, stop);
                }
                LOG.info("objective.baseline: {}, in {}", reused ? "computed before" : "computed", cached);
                if (!cached.equals(own)) {
                    BaselineFiles.share(cached, own);
                }
            }
        }
        files = Optional.of(BaselineFiles.open(own));
        if (what.get().constant()) {
            LOG.info("objective.baseline: the constant is {}", files.get().constant());
        }
    }

    /** Where other runs find it; that of the run itself where nothing can be kept in the cache. */
    private static Path cache(Path own, String key) {
        Path all = PreparedData.cache().resolve("baselines");
        try {
            Files.createDirectories(all);
            if (Files.isWritable(all)) {
                return all.resolve(key);
            }
        } catch (IOException e) {
            // said below
        }
        LOG.info("{} cannot be written, so that the baseline is kept in the run directory alone", all);
        return own;
    }

    private void requireSame(BaselineFiles before, Path own) {
        identity.forEach((key, value) -> {
            if (!value.equals(before.of().get(key))) {
                throw new UserError(own + " is the baseline of another model or other data: " + key + " was " + before.of().get(key)
                        + ", is " + value
                        + ". A resumed run continues bit for bit: give the model and the data that it began with.");
            }
        });
    }

    private BitSet read(StepSource source, long steps) {
        BitSet read = new BitSet();
        long left = examples.train().size();
        for (long step = 0; step < steps && left > 0; step++) {
            for (long index : source.reads(step).toArray()) {
                left -= read.get((int) index) ? 0 : 1;
                read.set((int) index);
            }
        }
        return read;
    }

    private static BitSet set(LongStream indices) {
        BitSet set = new BitSet();
        indices.forEach(i -> set.set(Math.toIntExact(i)));
        return set;
    }

    private void compute(Path to, Map<String, String> of, Map<String, BitSet> needed, Optional<BaselineFiles> before, WorkListener progress,
                         BooleanSupplier stop) {
        Path path = ((Start.Weights) start).path();
        try (ModelDirectory base = ModelDirectory.open(path); StateValues values = new StateValues(base.model().graph(),
                what.orElseThrow().tau())) {
            if (what.orElseThrow().constant()) {
                BaselineFiles.write(to, of, meanAtEnd(values, progress, stop));
                return;
            }
            Map<String, int[]> lengths = new LinkedHashMap<>();
            long[] positions = new long[1];
            needed.forEach((part, set) -> {
                int[] all = new int[(int) source(part).size()];
                Arrays.setAll(all, i -> before.map(known -> known.length(part, i)).orElse(0));
                set.stream().filter(i -> all[i] == 0).forEach(i -> {
                    all[i] = collator.kept(source(part).get(i));
                    positions[0] += all[i];
                });
                lengths.put(part, all);
            });
            try (WorkListener.Work work = progress.begin("baseline", positions[0], "tokens")) {
                BaselineFiles.write(to, of, lengths, sink -> {
                    for (Map.Entry<String, int[]> part : lengths.entrySet()) {
                        int[] all = part.getValue();
                        String name = part.getKey();
                        for (int i = 0; i < all.length; i++) {
                            if (before.isPresent() && before.get().length(name, i) > 0) {
                                sink.put(name, i, before.get().get(name, i));
                            }
                        }
                        int[] missing = needed.get(name).stream().filter(i -> all[i] > 0 && !before.filter(known -> known.length(name,
                                i) > 0).isPresent())
                                .toArray();
                        for (int[] batch : batches(missing, all)) {
                            put(name, batch, all, values, sink, work, stop);
                        }
                    }
                });
            }
        }
    }

    private void put(String part, int[] indices, int[] lengths, StateValues values, BaselineFiles.Computation.Sink sink,
            WorkListener.Work work,
                     BooleanSupplier stop) throws IOException {
        requireGoingOn(stop);
        Batch batch = batch(source(part), indices);
        float[] all = values.of(batch);
        for (int row = 0; row < indices.length; row++) {
            int length = lengths[indices[row]];
            sink.put(part, indices[row], Arrays.copyOfRange(all, row * batch.length(), row * batch.length() + length));
            work.add(length);
        }
    }

    private ExampleSource source(String part) {
        return part.equals(TRAIN) ? examples.train()
                : examples.eval().get(examples.eval().keySet().stream().filter(set -> part(set).equals(part)).findFirst().orElseThrow());
    }

    private Batch batch(ExampleSource source, int[] indices) {
        return collator.collate(Arrays.stream(indices).mapToObj(i -> List.of(source.get(i))).toList());
    }

    /** Batches of neighbours, those of similar length together. A function of the indices and lengths. */
    private List<int[]> batches(int[] indices, int[] lengths) {
        List<int[]> batches = new ArrayList<>();
        int window = rows * SORTED_BATCHES;
        for (int from = 0; from < indices.length; from += window) {
            int[] sorted = Arrays.stream(indices, from, Math.min(indices.length, from + window)).boxed()
                    .sorted(Comparator.comparingInt((Integer i) -> lengths[i]).thenComparing(Comparator.naturalOrder())).mapToInt(i -> i)
                            .toArray();
            for (int at = 0; at < sorted.length; at += rows) {
                batches.add(Arrays.copyOfRange(sorted, at, Math.min(sorted.length, at + rows)));
            }
        }
        return batches;
    }

    /** The mean of V over the rows that predict the end of a response, of examples that are spread evenly. */
    private double meanAtEnd(StateValues values, WorkListener progress, BooleanSupplier stop) {
        long size = examples.train().size();
        int[] sampled = IntStream.range(0, (int) Math.min(size, SAMPLED)).map(i -> (int) (i * size / Math.min(size, SAMPLED))).toArray();
        double sum = 0;
        long ends = 0;
        try (WorkListener.Work work = progress.begin("baseline", sampled.length, "examples")) {
            for (int from = 0; from < sampled.length; from += rows) {
                requireGoingOn(stop);
                int[] indices = Arrays.copyOfRange(sampled, from, Math.min(sampled.length, from + rows));
                Batch batch = batch(examples.train(), indices);
                float[] all = values.of(batch);
                for (int i = 0; i < all.length; i++) {
                    if (batch.nllMask()[i] != 0 && batch.continues()[i] == 0) {
                        sum += all[i];
                        ends++;
                    }
                }
                work.add(indices.length);
            }
        }
        if (ends == 0) {
            throw new UserError("objective.baseline is constant, the mean value at the rows of the end token, and none of " + sampled.length
                    + " training examples, spread evenly, ends in one within training.max_length " + collator.maxLength()
                    + ". Set objective.baseline=base_model, which needs no end.");
        }
        return sum / ends;
    }

    private static void requireGoingOn(BooleanSupplier stop) {
        if (stop.getAsBoolean()) {
            throw new CancellationException("stopped while the baseline was computed, before the first step; nothing is kept of it");
        }
    }

    @Override
    public void close() {
        files.ifPresent(BaselineFiles::close);
    }
}
