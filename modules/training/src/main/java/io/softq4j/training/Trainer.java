package io.softq4j.training;

import io.softq4j.common.UserError;
import io.softq4j.graph.plan.Profile;
import io.softq4j.objective.Batch;
import io.softq4j.objective.Counts;
import io.softq4j.objective.Figure;
import io.softq4j.objective.Figures;
import io.softq4j.objective.Objective;
import io.softq4j.training.optim.LearningRate;
import io.softq4j.training.optim.Optimizer;
import io.softq4j.training.rows.StepSource;
import io.softq4j.training.rows.ValidationSource;
import io.softq4j.training.run.Checkpoint;
import io.softq4j.training.run.MetricsLog;
import io.softq4j.training.run.Player;
import io.softq4j.training.run.RunDirectory;
import io.softq4j.training.run.TrainerState;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop. One step:
 *
 * <ol>
 * <li>its micro-batches, by {@link StepSource};
 * <li>counts of all of them, then the gradient of each divided by those counts, so that k micro-batches equal one batch;
 * <li>a stop, before anything is changed, where loss or gradient norm is not finite;
 * <li>clipping, {@link Optimizer}, metrics, and now and then validation loss and {@link Checkpoint}.
 * </ol>
 *
 * Step s depends on parameters, moments and s alone, so a run that was killed and resumed ends with the same bits.
 */
public final class Trainer {

    /** In the first steps most of the time is the compiler's. */
    private static final int COMPILING_STEPS = 2;

    private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

    private final TrainingConfig config;
    private final Objective objective;
    private final StepSource steps;
    private final Optional<ValidationSource> validation;
    private final RunDirectory run;
    private final ProgressListener progress;
    private Optional<Profile> profile = Optional.empty();
    private BooleanSupplier stop = () -> false;

    /**
     * A run that has not begun.
     *
     * @param objective  stays open; its parameters are those the run starts from
     * @param steps      what each step learns from
     * @param validation what the validation loss is measured on, if there is to be one
     */
    public Trainer(TrainingConfig config, Objective objective, StepSource steps, Optional<ValidationSource> validation, RunDirectory run,
                   ProgressListener progress) {
        this.config = config;
        this.objective = objective;
        this.steps = steps;
        this.validation = validation;
        this.run = run;
        this.progress = progress;
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
        report();
        run.create();
        return run(false);
    }

    /**
     * Goes on after the newest whole checkpoint, or from the first step where the run was stopped before it saved one; bit for bit what an
     * uninterrupted run gives.
     *
     * @throws UserError as {@link #train}, and if there is no run, or one with other configuration or data
     */
    public TrainingResult resume() {
        run.requireSameRun();
        report();
        run.keep();
        return run(true);
    }

    private void report() {
        steps.warnings().forEach(LOG::warn);
        validation.filter(source -> source.rows() < source.available()).ifPresent(source -> LOG.info("a validation reads {} of {} rows, "
                + "spread evenly; training.max_eval_samples: 0 reads all", source.rows(), source.available()));
    }

    private TrainingResult run(boolean resume) {
        try {
            Optimizer optimizer = config.optimizer().on(objective.parameters());
            Optional<Checkpoint> last = resume ? Checkpoint.latest(run.path()) : Optional.empty();
            last.ifPresent(checkpoint -> {
                run.requireSame(checkpoint, steps.summary());
                checkpoint.restore(players(optimizer));
                checkpoint.prune(config.saveTotalLimit());
                LOG.info("resuming after {}", checkpoint.directory());
            });
            long step = last.map(c -> c.state().globalStep()).orElse(0L);
            try (MetricsLog log = MetricsLog.after(step, last.map(c -> c.state().metricsLines()).orElse(0L), run.metrics())) {
                return new Loop(optimizer, log, last).run();
            }
        } finally {
            progress.ended();
        }
    }

    /** Of a checkpoint. */
    private List<Player> players(Optimizer optimizer) {
        return List.of(new Player("policy", optimizer, run.modelFiles()));
    }

    /** One run of the loop, with what changes while it runs. */
    private final class Loop {

        private final Optimizer optimizer;
        private final MetricsLog log;
        private final long totalSteps;
        private final LearningRate learningRate;
        private final Pace pace;
        private final long startNanos = System.nanoTime();
        private Optional<Path> lastCheckpoint;
        private Optional<StepMetrics> lastStep = Optional.empty();
        private Optional<EvalMetrics> lastEval = Optional.empty();
        private long tokens;

        Loop(Optimizer optimizer, MetricsLog log, Optional<Checkpoint> last) {
            this.optimizer = optimizer;
            this.log = log;
            this.totalSteps = Math.toIntExact(config.totalSteps(steps.stepsPerEpoch()));
            this.learningRate = new LearningRate(config.lrSchedulerType(), config.learningRate(), config.warmupSteps(), totalSteps);
            this.lastCheckpoint = last.map(Checkpoint::directory);
            this.tokens = last.map(c -> c.state().tokens()).orElse(0L);
            this.pace = new Pace(totalSteps, config.saveSteps(), validation.map(source -> (double) source.rows() / config.rowsPerStep()).orElse(0.0));
        }

        TrainingResult run() {
            progress.started(optimizer.steps(), totalSteps, steps.summary());
            objective.parameters().zeroGradients(); // of a run that stopped within a step; from here on the optimiser leaves them zero
            long first = optimizer.steps();
            if (first > 0 && isDue(first) && log.evaluated() < first) {
                validation.ifPresent(source -> evaluate(source, first));    // it was stopped before that
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
                    validation.ifPresent(source -> evaluate(source, metrics.step()));
                    stopped = stop.getAsBoolean();
                }
            }
            if (!stopped) {
                run.writeModel(optimizer.parameters());
                progress.saved(run.model());
            }
            return new TrainingResult(optimizer.steps(), stopped, lastStep, lastEval, steps.summary(), lastCheckpoint.orElseThrow(), run.model());
        }

        /** Whether the run is validated and saved after so many steps. */
        private boolean isDue(long step) {
            return step == totalSteps || config.saveSteps() > 0 && step % config.saveSteps() == 0;
        }

        private void begin(Profile sink) {
            objective.profile(sink);
            optimizer.profile(sink);
        }

        /** The update that is preceded by {@code step} others. */
        private StepMetrics step(long step) {
            long begin = System.nanoTime();
            long before = tokens;
            List<Batch> batches = steps.step(step);
            Counts total = Counts.ZERO;
            for (Batch batch : batches) {
                total = total.plus(batch.counts());
                tokens += batch.tokens();
            }
            double rate = learningRate.at(step);
            Figures figures = Figures.NONE;
            for (int i = 0; i < batches.size(); i++) {
                objective.dropoutKey(DropoutKeys.of(config.seed(), step, i));
                figures = figures.plus(objective.accumulate(batches.get(i), total, step));
            }
            double norm = optimizer.gradientNorm();
            requireFinite(step, figures, norm, rate);
            optimizer.step(rate, Optimizer.clipFactor(norm, config.maxGradNorm()));
            pace.stepped(secondsSince(begin), tokens - before);
            return new StepMetrics(step + 1, epoch(step + 1), figures, norm, rate, tokens, pace.tokensPerSecond(), secondsSince(startNanos));
        }

        private void requireFinite(long step, Figures figures, double norm, double rate) {
            if (Double.isFinite(figures.loss()) && Double.isFinite(norm)) {
                return;
            }
            StringBuilder settings = new StringBuilder();
            figures.of(Figure.Role.SETTING).forEach(setting -> settings.append(" and ").append(setting.name()).append(' ').append(setting.value()));
            Optional<Objective.Advice> advice = objective.advice(step);
            throw new UserError("step " + (step + 1) + ": loss is " + figures.loss() + ", gradient norm " + norm + ", at learning_rate " + rate + settings
                    + ". Stopped before the update. Last good checkpoint: " + lastCheckpoint.map(Path::toString).orElse("none yet")
                    + ". Likely cause: " + advice.map(other -> other.cause() + ", or ").orElse("")
                    + "the learning rate is too high. Start a new run with a lower learning_rate or longer warmup_steps"
                    + advice.map(other -> ", or " + other.remedy()).orElse("") + ".");
        }

        /** Validates, unless the run is to stop: then that is done when it goes on. */
        private void evaluate(ValidationSource source, long step) {
            long begin = System.nanoTime();
            Figures figures = Figures.NONE;
            int done = 0;
            for (Batch batch : source.batches()) {
                if (stop.getAsBoolean()) {
                    return;
                }
                figures = figures.plus(objective.evaluate(batch, step - 1));
                done += batch.rows();
                progress.evaluating(done, source.rows());
            }
            EvalMetrics metrics = new EvalMetrics(step, epoch(step), figures);
            lastEval = Optional.of(metrics);
            log.append(metrics);
            pace.validated(secondsSince(begin));
            progress.evaluated(metrics);
        }

        private void save(StepMetrics at) {
            long begin = System.nanoTime();
            log.force();
            TrainerState state = new TrainerState(at.step(), at.epoch(), config.seed(), run.configHash(), steps.summary().examples(), tokens,
                    log.lines());
            Checkpoint checkpoint = Checkpoint.save(run.path(), state, players(optimizer));
            checkpoint.prune(config.saveTotalLimit());
            lastCheckpoint = Optional.of(checkpoint.directory());
            pace.saved(secondsSince(begin));
            progress.saved(checkpoint.directory());
        }

        private double secondsSince(long nanos) {
            return (System.nanoTime() - nanos) / 1e9;
        }

        private double epoch(long made) {
            return (double) made / steps.stepsPerEpoch();
        }
    }
}
