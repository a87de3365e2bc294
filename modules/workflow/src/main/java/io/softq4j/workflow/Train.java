package io.softq4j.workflow;

import io.softq4j.common.Exclusive;
import io.softq4j.common.Inputs;
import io.softq4j.common.Mistakes;
import io.softq4j.common.Output;
import io.softq4j.config.ConfigFile;
import io.softq4j.graph.plan.Profile;
import io.softq4j.training.ProgressListener;
import io.softq4j.training.TrainingResult;
import io.softq4j.training.run.RunDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A training run, from prepared data or a corpus to a run directory with a model, as {@code softq train} makes one.
 *
 * <pre>
 * TrainingResult result = new Train(configuration).data(prepared).listener(listener).run(Path.of("runs/mle"));
 * </pre>
 *
 * <p>Mistakes are found before anything long begins, and come as {@link io.softq4j.common.UserError}, all of them in one: a configuration that is
 * refused, no data, a model that is not there or whose tokens are others, a model that memory does not hold, a run that would be lost. A run that
 * ended early is gone on with by {@link #resume}, to the same bits. To be used by one thread.
 */
public final class Train {

    private static final Logger LOG = LoggerFactory.getLogger(Train.class);

    private final Configuration configuration;
    private List<StorePath> data = List.of();
    private Start start = new Start.Fresh();
    private WorkListener preparing = WorkListener.NONE;
    private ProgressListener listener = ProgressListener.NONE;
    private BooleanSupplier stop = () -> false;
    private Optional<OwnObjective> own = Optional.empty();
    private Optional<Profile> profile = Optional.empty();

    /** A run of fresh weights, of the corpus {@code data.train} of the configuration, unless the methods below say otherwise. */
    public Train(Configuration configuration) {
        this.configuration = configuration;
    }

    /** Trains on what {@link PreparedData#prepare} left in a directory. Without it the corpus is prepared, once, into a cache. */
    public Train data(Path directory) {
        return data(List.of(new StorePath(directory)));
    }

    /** Trains on several such directories, whose rows take turns by weight. */
    public Train data(List<StorePath> directories) {
        data = List.copyOf(directories);
        return this;
    }

    /** Begins with these weights instead of fresh ones of the size in the configuration. */
    public Train from(Start what) {
        start = what;
        return this;
    }

    /** Has the work before the first step shown: preparing a corpus, and computing the baseline of the objective. */
    public Train preparing(WorkListener progress) {
        preparing = progress;
        return this;
    }

    /** Has the run heard. */
    public Train listener(ProgressListener progress) {
        listener = progress;
        return this;
    }

    /** Ends the run, saved, after the step it is at when {@code asked} becomes true; {@link #resume} goes on with it. */
    public Train stopWhen(BooleanSupplier asked) {
        stop = asked;
        return this;
    }

    /**
     * Trains an objective of the application's own, which may be built over the one that the section {@code objective} describes. The model card has
     * what it says of itself, {@link io.softq4j.objective.Objective#describe}. What memory the run needs is asked of it when it is made, see
     * {@link io.softq4j.objective.Objective#costs}.
     *
     * @param name  what it is, with all that decides it, such as {@code l2_sp 0.1}: a run is resumed with the same name only, and its model card has it
     * @param maker makes it when the model is loaded
     */
    public Train objective(String name, ObjectiveMaker maker) {
        own = Optional.of(new OwnObjective(name, maker));
        return this;
    }

    /** Adds up where the time goes. */
    public Train profile(Profile times) {
        profile = Optional.of(times);
        return this;
    }

    /**
     * Trains into {@code out}, where no run is yet.
     *
     * @throws java.util.concurrent.CancellationException if {@link #stopWhen} ends it before the first step, while the baseline is computed
     */
    public TrainingResult run(Path out) {
        return run(Output.at(out));
    }

    /** The same into a directory whose run may be replaced. */
    public TrainingResult run(Output output) {
        Path out = output.path();
        Checked checked = check(Optional.empty(), Optional.of(output));
        try (Exclusive alone = Exclusive.alone(out)) {
            if (output.force()) {
                output.clear(RunDirectory.ENTRIES.names());
            }
            return TrainingRun.train(checked.config, checked.open(preparing), out, checked.start, false, listener, profile, stop, own, preparing);
        }
    }

    /**
     * Goes on with the run in {@code out} after its newest checkpoint. What is not given again is as the run has it.
     *
     * @throws io.softq4j.common.UserError also if there is no run, or what is given would change the steps that are made next
     */
    public TrainingResult resume(Path out) {
        Checked checked = check(Optional.of(Resumption.of(out)), Optional.empty());
        try (Exclusive alone = Exclusive.alone(out)) {
            return TrainingRun.train(checked.config, checked.open(preparing), out, checked.start, true, listener, profile, stop, own, preparing);
        }
    }

    /**
     * What a step of such a run runs and costs, op by op, as text. Nothing of the model's size is allocated, but for {@link #objective} of the application's
     * own, for which the model is loaded, since only its maker knows what it needs.
     */
    public String explain() {
        return explain(Optional.empty());
    }

    /** The same of the run in {@code out} if it is gone on with. */
    public String explainResumed(Path out) {
        return explain(Optional.of(Resumption.of(out)));
    }

    private String explain(Optional<Resumption> run) {
        Checked checked = check(run, Optional.empty());
        return TrainingRun.explain(checked.config, checked.open(preparing), checked.start, own);
    }

    /** A run that nothing is wrong with as far as can be said at once. */
    private record Checked(ConfigFile config, Start start, DataSource data) {

        PreparedData open(WorkListener progress) {
            return data.open(!data.directories().isEmpty() ? config : start.withTokenizer(config), progress);
        }
    }

    private Checked check(Optional<Resumption> run, Optional<Output> output) {
        Start from = start instanceof Start.Fresh ? run.map(Resumption::start).orElse(start) : start;
        Mistakes mistakes = new Mistakes();
        ConfigFile config = run.isPresent() ? configuration.readOver(run.get().config(), mistakes) : configuration.read(mistakes);
        TrainingRun.check(config, from, mistakes);
        DataSource source = data.isEmpty() && run.isPresent() ? run.get().source(config, mistakes) : new DataSource(data);
        source.check(config, mistakes);
        output.ifPresent(to -> mistakes.check(() -> requireNew(to.reading(inputs(source, config)))));
        mistakes.refuse();
        config.unread("training", "objective", "model", "tuning").forEach(key -> LOG.warn("{}", key.text()));
        if (source.directories().isEmpty()) {
            PreparedData.warnOfUnread(config);
        }
        return new Checked(config, from, source);
    }

    private Inputs inputs(DataSource source, ConfigFile config) {
        return source.inputs(config).and(configuration.inputs()).and(start.inputs());
    }

    private static void requireNew(Output output) {
        if (!output.force()) {
            RunDirectory.requireNone(output.path());
        }
        output.requireEntries(RunDirectory.ENTRIES);
    }
}
