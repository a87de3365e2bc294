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
import io.softq4j.training.run.BestModel;
import io.softq4j.training.run.Checkpoint;
import io.softq4j.training.run.MetricsLog;
import io.softq4j.training.run.Player;
import io.softq4j.training.run.RunDirectory;
import io.softq4j.training.run.TrainerState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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
 * <li>clipping, {@link Optimizer}, metrics, and now and then an evaluation and a {@link Checkpoint}.
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
    private final Evaluations evaluations;
    private final RunDirectory run;
    private final ProgressListener progress;
    private Optional<Profile> profile = Optional.empty();
    private BooleanSupplier stop = () -> false;

    /**
     * A run that has not begun, which is evaluated as often as it is saved.
     *
     * @param objective  stays open; its parameters are those the run starts from
     * @param steps      what each step learns from
     * @param validation what the validation loss is measured on, if there is to be one
     */
    public Trainer(TrainingConfig config, Objective objective, StepSource steps, Optional<ValidationSource> validation, RunDirectory run,
                   ProgressListener progress) {
        this(config, objective, steps, Evaluations.of(validation), run, progress);
    }

    /**
     * A run that has not begun.
     *
     * @param objective   stays open; its parameters are those the run starts from
     * @param steps       what each step learns from
     * @param evaluations what the run is measured on, when, and what follows
     */
    public Trainer(TrainingConfig config, Objective objective, StepSource steps, Evaluations evaluations, RunDirectory run, ProgressListener progress) {
        this.config = config;
        this.objective = objective;
        this.steps = steps;
        this.evaluations = evaluations;
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
     * @throws UserError if the directory holds a run already, the data has nothing to learn from, an evaluation has no such metric as the best model is
     *                   found by, loss or gradient stop being finite, or the disk fails
     */
    public TrainingResult train() {
        Optional<BestModel> best = best();
        report();
        run.create();
        return run(false, best);
    }

    /**
     * Goes on after the newest whole checkpoint, or from the first step where the run was stopped before it saved one; bit for bit what an
     * uninterrupted run gives.
     *
     * @throws UserError as {@link #train}, and if there is no run, or one with other configuration or data
     */
    public TrainingResult resume() {
        run.requireSameRun();
        Optional<BestModel> best = best();
        report();
        run.keep();
        return run(true, best);
    }

    /** How the best model is found; empty if it is not. */
    private Optional<BestModel> best() {
        evaluations.settings().requireFits(config.saveSteps());
        return evaluations.settings().tracksBest() ? Optional.of(new BestMetric(evaluations, objective).find()) : Optional.empty();
    }

    private void report() {
        steps.warnings().forEach(LOG::warn);
        evaluations.sets().forEach((name, source) -> {
            if (source.rows() < source.available()) {
                LOG.info("a validation reads {} of {} rows{}, drawn once; training.max_eval_samples: 0 reads all", source.rows(), source.available(),
                        name.isEmpty() ? "" : " of " + name);
            }
        });
    }

    private TrainingResult run(boolean resume, Optional<BestModel> none) {
        try {
            Optimizer optimizer = config.optimizer().on(objective.parameters());
            Optional<Checkpoint> last = resume ? Checkpoint.latest(run.path()) : Optional.empty();
            last.ifPresent(checkpoint -> {
                run.requireSame(checkpoint, steps.summary());
                checkpoint.restore(players(optimizer));
                LOG.info("resuming after {}", checkpoint.directory());
            });
            Optional<BestModel> best = none.map(fresh -> last.flatMap(checkpoint -> known(fresh, checkpoint)).orElse(fresh));
            last.ifPresent(checkpoint -> checkpoint.prune(config.saveTotalLimit(), best.map(BestModel::step).orElse(OptionalLong.empty())));
            long step = last.map(c -> c.state().globalStep()).orElse(0L);
            long evaluated = last.flatMap(c -> c.state().best()).map(BestModel::evaluated).orElse(MetricsLog.ALL);
            try (MetricsLog log = MetricsLog.after(step, last.map(c -> c.state().metricsLines()).orElse(0L), evaluated, run.metrics())) {
                return new Loop(optimizer, log, last, best).run();
            }
        } finally {
            progress.ended();
        }
    }

    /** The best evaluation that a checkpoint knows, if it is one of the same metric and its model is still there. */
    private Optional<BestModel> known(BestModel fresh, Checkpoint checkpoint) {
        Optional<BestModel> saved = checkpoint.state().best();
        if (saved.isEmpty()) {
            return saved;
        }
        if (!saved.get().metric().equals(fresh.metric()) || saved.get().greaterIsBetter() != fresh.greaterIsBetter()) {
            LOG.info("the best model was found by {} ({} is better), from here on by {} ({}): no evaluation is the best yet", saved.get().metric(),
                    saved.get().greaterIsBetter() ? "more" : "less", fresh.metric(), fresh.greaterIsBetter() ? "more" : "less");
            return Optional.empty();
        }
        if (evaluations.settings().loadBestModelAtEnd() && saved.get().step().isPresent()
                && !Files.isDirectory(run.path().resolve(Checkpoint.name(saved.get().step().getAsLong())))) {
            LOG.warn("{} of the best evaluation, {}, is gone: from here on another is found", Checkpoint.name(saved.get().step().getAsLong()), saved.get());
            return Optional.empty();
        }
        return saved;
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
        private Optional<BestModel> best;
        private long tokens;

        Loop(Optimizer optimizer, MetricsLog log, Optional<Checkpoint> last, Optional<BestModel> best) {
            this.optimizer = optimizer;
            this.log = log;
            this.totalSteps = Math.toIntExact(config.totalSteps(steps.stepsPerEpoch()));
            this.learningRate = new LearningRate(config.lrSchedulerType(), config.learningRate(), config.warmupSteps(), totalSteps);
            this.lastCheckpoint = last.map(Checkpoint::directory);
            this.tokens = last.map(c -> c.state().tokens()).orElse(0L);
            this.best = best;
            this.pace = new Pace(totalSteps, evalSteps(), config.saveSteps(), (double) evaluations.rows() / config.rowsPerStep());
        }

        TrainingResult run() {
            progress.started(optimizer.steps(), totalSteps, steps.summary());
            objective.parameters().zeroGradients(); // of a run that stopped within a step; from here on the optimiser leaves them zero
            evaluations.hook().ifPresent(hook -> hook.begin(log.evaluated()));
            long first = optimizer.steps();
            boolean stopped = false;
            if (first > 0 && isEvaluated(first) && log.evaluated() < first) {
                stopped = pause(first, best.isEmpty());    // it was stopped before that
            } else if (first == 0 && evaluations.settings().evalOnStart() && evaluations.any() && log.evaluated() < 0) {
                evaluate(0);
            }
            while (optimizer.steps() < totalSteps && !stopped && !isExhausted()) {
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
                stopped = pause(metrics.step(), false);
            }
            if (!stopped) {
                finish();
            }
            return new TrainingResult(optimizer.steps(), stopped, lastStep, lastEval, best, steps.summary(), lastCheckpoint.orElseThrow(), run.model());
        }

        /**
         * Evaluates and saves what is due after so many updates. A run that does not remember its best evaluation saves first, so that nothing is lost
         * while it evaluates; else each checkpoint knows of its own evaluation, and the best model is saved whenever it is.
         *
         * @param wasSaved whether it was saved before
         * @return whether the run was asked to stop; then it is saved
         */
        private boolean pause(long step, boolean wasSaved) {
            boolean saves = isDue(step, config.saveSteps());
            boolean stopped = stop.getAsBoolean();
            boolean saved = wasSaved;
            if (!saved && (stopped || saves && best.isEmpty())) {
                save(step);
                saved = true;
            }
            boolean keeps = saves;
            if (!stopped && isEvaluated(step) && evaluate(step)) {
                best = best.map(before -> before.after(step, lastEval.orElseThrow().value(before.metric()), evaluations.settings().earlyStoppingThreshold()));
                keeps |= isExhausted() || evaluations.settings().loadBestModelAtEnd() && best.orElseThrow().isOf(step);
            }
            stopped |= stop.getAsBoolean();
            if (!saved && (keeps || stopped)) {
                save(step);
            }
            return stopped;
        }

        /** Whether the run ends early. */
        private boolean isExhausted() {
            int patience = evaluations.settings().earlyStoppingPatience();
            return patience > 0 && best.filter(found -> found.notBetter() >= patience).isPresent();
        }

        private void finish() {
            long modelStep = optimizer.steps();
            if (isExhausted()) {
                LOG.info("stopped early after step {}: the last {} evaluations were not better than the best, {}", modelStep, best.orElseThrow().notBetter(),
                        best.orElseThrow());
            }
            if (evaluations.settings().loadBestModelAtEnd() && best.orElseThrow().step().isEmpty()) {
                LOG.warn("{} had no value in any evaluation, so none is the best: the finished model is that of the last update", best.orElseThrow().metric());
            } else if (evaluations.settings().loadBestModelAtEnd() && !best.orElseThrow().isOf(modelStep)) {
                modelStep = best.orElseThrow().step().getAsLong();
                LOG.info("the finished model is that of {}, the best: {}", Checkpoint.name(modelStep), best.orElseThrow());
                Checkpoint.open(run.path().resolve(Checkpoint.name(modelStep))).restoreModel(players(optimizer).get(0));
            }
            run.writeModel(optimizer.parameters(), modelStep);
            progress.saved(run.model());
        }

        private long evalSteps() {
            return evaluations.settings().evalSteps(config.saveSteps());
        }

        private boolean isEvaluated(long step) {
            return evaluations.any() && isDue(step, evalSteps());
        }

        /** Whether something is done after so many updates that is done every so many, and at the end. */
        private boolean isDue(long step, long every) {
            return step == totalSteps || every > 0 && step % every == 0;
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

        /** Evaluates, unless the run is to stop: then that is done when it goes on. @return whether it was done */
        private boolean evaluate(long step) {
            long begin = System.nanoTime();
            List<EvalMetrics.OfSet> sets = new ArrayList<>();
            long total = evaluations.rows();
            long before = 0;
            for (Map.Entry<String, ValidationSource> set : evaluations.sets().entrySet()) {
                long setBegin = System.nanoTime();
                Figures figures = Figures.NONE;
                long done = 0;
                for (Batch batch : set.getValue().batches()) {
                    if (stop.getAsBoolean()) {
                        return false;
                    }
                    figures = figures.plus(objective.evaluate(batch, Math.max(0, step - 1)));
                    done += batch.rows();
                    progress.evaluating(before + done, total);
                }
                before += done;
                sets.add(new EvalMetrics.OfSet(set.getKey(), figures, done, secondsSince(setBegin)));
            }
            Map<String, Double> more = Map.of();
            if (evaluations.hook().isPresent()) {
                Optional<Map<String, Double>> found = evaluations.hook().get().evaluate(step, stop, progress::generating);
                if (found.isEmpty()) {
                    return false;
                }
                more = found.get();
            }
            EvalMetrics metrics = new EvalMetrics(step, epoch(step), sets, more);
            lastEval = Optional.of(metrics);
            log.append(metrics);
            pace.validated(secondsSince(begin));
            progress.evaluated(metrics);
            return true;
        }

        private void save(long step) {
            long begin = System.nanoTime();
            log.force();
            TrainerState state = new TrainerState(step, epoch(step), config.seed(), run.configHash(), steps.summary().examples(), tokens, log.lines());
            OptionalLong bestStep = best.map(BestModel::step).orElse(OptionalLong.empty());
            if (best.isPresent()) {
                state = state.withBest(best.get(), bestStep.isPresent() && (bestStep.getAsLong() == step
                        || Files.isDirectory(run.path().resolve(Checkpoint.name(bestStep.getAsLong())))) ? Checkpoint.name(bestStep.getAsLong()) : null);
            }
            Checkpoint checkpoint = Checkpoint.save(run.path(), state, players(optimizer));
            checkpoint.prune(config.saveTotalLimit(), bestStep);
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
