package io.softq4j.training;

import io.softq4j.common.UserError;
import io.softq4j.graph.plan.Profile;
import io.softq4j.objective.Batch;
import io.softq4j.objective.Counts;
import io.softq4j.objective.LossSums;
import io.softq4j.objective.Trainable;
import io.softq4j.tokens.Example;
import io.softq4j.training.optim.AdamW;
import io.softq4j.training.optim.LearningRate;
import io.softq4j.training.rows.Collator;
import io.softq4j.training.rows.DataOrder;
import io.softq4j.training.rows.DataPlan;
import io.softq4j.training.rows.DataSummary;
import io.softq4j.training.rows.ExampleRows;
import io.softq4j.training.rows.TrainingData;
import io.softq4j.training.run.Checkpoint;
import io.softq4j.training.run.MetricsLog;
import io.softq4j.training.run.RunDirectory;
import io.softq4j.training.run.TrainerState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop. One step:
 *
 * <ol>
 * <li>its rows of examples, by {@link DataOrder}, in micro-batches, by {@link Collator};
 * <li>counts of all of them, then the gradient of each divided by those counts, so that k micro-batches equal one batch;
 * <li>a stop, before anything is changed, where loss or gradient norm is not finite;
 * <li>clipping, {@link AdamW}, metrics, and now and then validation loss and {@link Checkpoint}.
 * </ol>
 *
 * Step s depends on parameters, moments and s alone, so a run that was killed and resumed ends with the same bits.
 */
public final class Trainer {

    /** In the first steps most of the time is the compiler's. */
    private static final int COMPILING_STEPS = 2;

    private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

    private final TrainingConfig config;
    private final Trainable trainable;
    private final TrainingData data;
    private final IntToDoubleFunction lambda;
    private final RunDirectory run;
    private final ProgressListener progress;
    private final Collator collator;
    private Optional<Profile> profile = Optional.empty();
    private BooleanSupplier stop = () -> false;

    /**
     * A run that has not begun.
     *
     * @param trainable stays open; its parameters are those the run starts from
     * @param lambda    weight of the squared TD residual at the update that is preceded by so many others
     */
    public Trainer(TrainingConfig config, Trainable trainable, TrainingData data, IntToDoubleFunction lambda, RunDirectory run,
                   ProgressListener progress) {
        this.config = config;
        this.trainable = trainable;
        this.data = data;
        this.lambda = lambda;
        this.run = run;
        this.progress = progress;
        this.collator = data.collator(config.rows());
    }

    /** Adds the time of every op to {@code sink}, from the third step on: in the first two Java compiles. */
    public void profile(Profile sink) {
        profile = Optional.of(sink);
    }

    /** Ends the run after the step at which {@code requested} is true, with a checkpoint to go on from. */
    public void stopWhen(BooleanSupplier requested) {
        stop = requested;
    }

    /**
     * Trains from the first step to the last.
     *
     * @throws UserError if the directory holds a run already, the data has nothing to learn from, loss or gradient stop being
     *                   finite, or the disk fails
     */
    public TrainingResult train() {
        DataPlan plan = plan();
        run.create();
        return run(plan, false);
    }

    /**
     * Goes on after the newest whole checkpoint, or from the first step where the run was stopped before it saved one; bit for bit what an
     * uninterrupted run gives.
     *
     * @throws UserError as {@link #train}, and if there is no run, or one with other configuration or data
     */
    public TrainingResult resume() {
        run.requireSameRun();
        DataPlan plan = plan();
        run.keep();
        return run(plan, true);
    }

    private DataPlan plan() {
        DataPlan plan = DataPlan.of(data, config.rows(), collator);
        DataSummary summary = plan.summary();
        if (summary.cut() > 0) {
            LOG.warn("{} of {} examples are longer than max_length {} and are cut (first: {})", summary.cut(), summary.examples(), config.maxLength(),
                    summary.firstCut());
        }
        if (summary.unscored() > 0) {
            LOG.warn("{} of {} examples have no scored response token within max_length {} and teach nothing (first: {})", summary.unscored(),
                    summary.examples(), config.maxLength(), summary.firstUnscored());
        }
        if (summary.complete() == 0) {
            LOG.warn("no example ends in EOS (id {}): the model will not learn to stop", data.eosId());
        }
        plan.eval().filter(rows -> rows.spread(config.maxEvalSamples()).length < rows.size()).ifPresent(rows -> LOG.info("a validation reads {} of {} rows, "
                + "spread evenly; training.max_eval_samples: 0 reads all", config.maxEvalSamples(), rows.size()));
        return plan;
    }

    private TrainingResult run(DataPlan plan, boolean resume) {
        try {
            AdamW optimizer = new AdamW(trainable.parameters(), config.adamW());
            Optional<Checkpoint> last = resume ? Checkpoint.latest(run.path()) : Optional.empty();
            last.ifPresent(checkpoint -> {
                run.requireSame(checkpoint, plan.summary());
                checkpoint.restore(optimizer, run.modelFiles());
                checkpoint.prune(config.saveTotalLimit());
                LOG.info("resuming after {}", checkpoint.directory());
            });
            long step = last.map(c -> c.state().globalStep()).orElse(0L);
            try (MetricsLog log = MetricsLog.after(step, last.map(c -> c.state().metricsLines()).orElse(0L), run.metrics())) {
                return new Loop(optimizer, log, plan, last).run();
            }
        } finally {
            progress.ended();
        }
    }

    /** One run of the loop, with what changes while it runs. */
    private final class Loop {

        private final AdamW optimizer;
        private final MetricsLog log;
        private final DataPlan plan;
        private final long totalSteps;
        private final LearningRate learningRate;
        private final Pace pace;
        private final long startNanos = System.nanoTime();
        private Optional<Path> lastCheckpoint;
        private Optional<StepMetrics> lastStep = Optional.empty();
        private Optional<EvalMetrics> lastEval = Optional.empty();
        private long tokens;

        Loop(AdamW optimizer, MetricsLog log, DataPlan plan, Optional<Checkpoint> last) {
            this.optimizer = optimizer;
            this.log = log;
            this.plan = plan;
            this.totalSteps = Math.toIntExact(config.totalSteps(plan.order()));
            this.learningRate = new LearningRate(config.lrSchedulerType(), config.learningRate(), config.warmupSteps(), totalSteps);
            this.lastCheckpoint = last.map(Checkpoint::directory);
            this.tokens = last.map(c -> c.state().tokens()).orElse(0L);
            this.pace = new Pace(totalSteps, config.saveSteps(), plan.eval().map(rows -> (double) rows.size() / config.rowsPerStep()).orElse(0.0));
        }

        TrainingResult run() {
            progress.started(optimizer.steps(), totalSteps, plan.summary());
            trainable.parameters().zeroGradients(); // of a run that stopped within a step; from here on the optimiser leaves them zero
            long first = optimizer.steps();
            if (first > 0 && isDue(first) && log.evaluated() < first) {
                plan.eval().ifPresent(rows -> evaluate(rows, first, lambda.applyAsDouble((int) first - 1)));    // it was stopped before that
            }
            boolean stopped = false;
            while (optimizer.steps() < totalSteps && !stopped) {
                if (optimizer.steps() == first + COMPILING_STEPS) {
                    profile.ifPresent(this::begin);
                }
                StepMetrics metrics = step(optimizer.steps());
                lastStep = Optional.of(metrics);
                boolean end = metrics.step() == totalSteps;
                if (end || metrics.step() % config.loggingSteps() == 0) {
                    log.append(metrics);
                    pace.begin();
                }
                pace.secondsLeft(metrics.step()).ifPresent(progress::left);
                progress.step(metrics);
                stopped = stop.getAsBoolean();
                if (stopped || isDue(metrics.step())) {
                    save(metrics);
                }
                if (!stopped && isDue(metrics.step())) {
                    plan.eval().ifPresent(rows -> evaluate(rows, metrics.step(), metrics.lambda()));
                    stopped = stop.getAsBoolean();
                }
            }
            if (!stopped) {
                run.writeModel(optimizer);
                progress.saved(run.model());
            }
            return new TrainingResult(optimizer.steps(), stopped, lastStep, lastEval, plan.summary(), lastCheckpoint.orElseThrow(), run.model());
        }

        /** Whether the run is validated and saved after so many steps. */
        private boolean isDue(long step) {
            return step == totalSteps || config.saveSteps() > 0 && step % config.saveSteps() == 0;
        }

        private void begin(Profile sink) {
            trainable.profile(sink);
            optimizer.profile(sink);
        }

        /** The update that is preceded by {@code step} others. */
        private StepMetrics step(long step) {
            long begin = System.nanoTime();
            long before = tokens;
            long[] rows = plan.order().step(step);
            List<Batch> batches = new ArrayList<>();
            Counts total = Counts.ZERO;
            for (List<List<Example>> microBatch : microBatches(plan.train(), rows)) {
                Batch batch = collator.collate(microBatch);
                batches.add(batch);
                total = total.plus(batch.counts());
                tokens += batch.tokens();
            }
            if (total.responseTokens() == 0) {
                throw new UserError("step " + (step + 1) + ": none of the examples of its " + rows.length + " rows (first: "
                        + plan.train().layout().examples(rows[0])[0] + ") has a scored response token within max_length " + config.maxLength()
                        + ". Prepare the data without such examples, or raise max_length or per_device_train_batch_size.");
            }
            double weight = lambda.applyAsDouble((int) step);
            double rate = learningRate.at(step);
            LossSums sums = LossSums.ZERO;
            for (int i = 0; i < batches.size(); i++) {
                trainable.dropoutKey(DropoutKeys.of(config.seed(), step, i));
                sums = sums.plus(trainable.accumulate(batches.get(i), total, weight));
            }
            double norm = optimizer.gradientNorm();
            requireFinite(step, sums.loss(weight), norm, weight, rate);
            optimizer.step(rate, AdamW.clipFactor(norm, config.maxGradNorm()));
            pace.stepped(secondsSince(begin), tokens - before);
            return new StepMetrics(step + 1, epoch(step + 1), sums.loss(weight), sums.meanNll(), sums.meanTd(), sums.meanValue0(), sums.meanEntropy(),
                    weight, norm, rate, tokens, pace.tokensPerSecond(), secondsSince(startNanos),
                    sums.meanZLoss());
        }

        private void requireFinite(long step, double loss, double norm, double weight, double rate) {
            if (Double.isFinite(loss) && Double.isFinite(norm)) {
                return;
            }
            throw new UserError("step " + (step + 1) + ": loss is " + loss + ", gradient norm " + norm + ", at learning_rate " + rate + " and lambda "
                    + weight + ". Stopped before the update. Last good checkpoint: " + lastCheckpoint.map(Path::toString).orElse("none yet")
                    + ". Likely cause: " + (weight > 0 ? "lambda acts on values that are still far off, or " : "")
                    + "the learning rate is too high. Start a new run with a lower learning_rate or longer warmup_steps"
                    + (weight > 0 ? ", or let lambda begin later and rise more slowly." : "."));
        }

        /** Validates, unless the run is to stop: then that is done when it goes on. */
        private void evaluate(ExampleRows rows, long step, double weight) {
            long begin = System.nanoTime();
            LossSums sums = LossSums.ZERO;
            long[] chosen = rows.spread(config.maxEvalSamples());
            int done = 0;
            for (List<List<Example>> batch : microBatches(rows, chosen)) {
                if (stop.getAsBoolean()) {
                    return;
                }
                sums = sums.plus(trainable.evaluate(collator.collate(batch)));
                done += batch.size();
                progress.evaluating(done, chosen.length);
            }
            EvalMetrics metrics = new EvalMetrics(step, epoch(step), sums.loss(weight), sums.meanNll(), sums.meanTd(), sums.meanValue0(),
                    sums.meanEntropy(), weight, sums.meanZLoss());
            lastEval = Optional.of(metrics);
            log.append(metrics);
            pace.validated(secondsSince(begin));
            progress.evaluated(metrics);
        }

        private void save(StepMetrics at) {
            long begin = System.nanoTime();
            log.force();
            TrainerState state = new TrainerState(at.step(), at.epoch(), config.seed(), run.configHash(), plan.summary().examples(), tokens,
                    log.lines());
            Checkpoint checkpoint = Checkpoint.save(run.path(), state, optimizer, run.modelFiles());
            checkpoint.prune(config.saveTotalLimit());
            lastCheckpoint = Optional.of(checkpoint.directory());
            pace.saved(secondsSince(begin));
            progress.saved(checkpoint.directory());
        }

        private double secondsSince(long nanos) {
            return (System.nanoTime() - nanos) / 1e9;
        }

        private double epoch(long steps) {
            return (double) steps / plan.order().stepsPerEpoch();
        }

        /** Rows in groups of {@code per_device_train_batch_size}, read when their turn comes. */
        private Iterable<List<List<Example>>> microBatches(ExampleRows rows, long[] indices) {
            int size = config.perDeviceTrainBatchSize();
            return () -> IntStream.iterate(0, at -> at < indices.length, at -> at + size)
                    .mapToObj(at -> Arrays.stream(indices, at, Math.min(at + size, indices.length)).mapToObj(rows::get).toList())
                    .iterator();
        }
    }
}
