package io.softq4j.training.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.softq4j.common.AtomicFiles;
import io.softq4j.common.FileManifest;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import io.softq4j.graph.plan.Parameters;
import io.softq4j.model.weights.Safetensors;
import io.softq4j.model.weights.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory {@code checkpoint-STEP} from which a run continues bit for bit:
 *
 * <pre>
 *   model.safetensors      parameters and what is frozen, by name; with the model files beside it, a model that Hugging Face tools load.
 *                          Or, as {@link ModelFiles} say, another file and names: those of an adapter
 *   optimizer.safetensors  what the optimiser remembers, such as exp_avg.NAME and exp_avg_sq.NAME, by the parameters' names in the graph
 *   PLAYER/                the same two and the files beside them of each further {@link Player}
 *   trainer_state.json     {@link TrainerState}
 *   manifest.json          size and sha256 of each file
 * </pre>
 *
 * Written whole or not at all, also when the process is killed or the disk fills up.
 *
 * @param directory where it is
 * @param state     its {@code trainer_state.json}
 */
public record Checkpoint(Path directory, TrainerState state) {

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);
    private static final Pattern NAME = Pattern.compile("checkpoint-(\\d{1,18})");
    private static final Pattern REPLACED = Pattern.compile("\\.(checkpoint-\\d{1,18})\\.old");
    private static final Pattern UNFINISHED = Pattern.compile("\\.checkpoint-\\d{1,18}\\.tmp");
    /** How often a run is looked at that deletes checkpoints meanwhile. */
    private static final int READS = 20;
    private static final String OPTIMIZER = "optimizer.safetensors";
    private static final String STATE = "trainer_state.json";

    /**
     * Saves the players and {@code state} as {@code runDirectory/checkpoint-STEP}.
     *
     * @param players one at least; the checkpoint is the model of the first
     */
    public static Checkpoint save(Path runDirectory, TrainerState state, List<Player> players) {
        Path directory = runDirectory.resolve(name(state.globalStep()));
        TrainerState whole = state.withPlayerSteps(others(players).stream().collect(Collectors.toMap(Player::name, p -> p.optimizer().steps())));
        AtomicFiles.writeDirectory(directory, target -> {
            write(target, players.get(0));
            for (Player other : others(players)) {
                write(Files.createDirectory(target.resolve(other.name())), other);
            }
            Files.writeString(target.resolve(STATE), Json.pretty(whole));
            FileManifest.write(target);
        });
        return new Checkpoint(directory, whole);
    }

    private static List<Player> others(List<Player> players) {
        return players.subList(1, players.size());
    }

    private static void write(Path directory, Player player) throws IOException {
        writeModel(directory, player.optimizer().parameters(), player.files());
        try (OutputStream out = Files.newOutputStream(directory.resolve(OPTIMIZER))) {
            Safetensors.write(out, player.optimizer().state());
        }
    }

    /** Writes the weights and the files beside them into {@code directory}. */
    private static void writeModel(Path directory, Parameters parameters, ModelFiles modelFiles) throws IOException {
        modelFiles.write(directory);
        try (OutputStream out = Files.newOutputStream(directory.resolve(modelFiles.weights()))) {
            Safetensors.write(out, tensors(parameters, modelFiles));
        }
    }

    /** What the file with the weights holds. */
    static List<Tensor> tensors(Parameters parameters, ModelFiles modelFiles) {
        List<Tensor> tensors = new ArrayList<>(modelFiles.frozen());
        parameters.slots().forEach(s -> tensors.add(new Tensor(modelFiles.stored(s.name()), s.shape(), s.values())));
        return tensors;
    }

    /**
     * Opens a checkpoint after comparing every file with its manifest.
     *
     * @throws UserError naming the file that is missing or broken
     */
    public static Checkpoint open(Path directory) {
        requireWhole(directory);
        Path file = directory.resolve(STATE);
        try {
            return new Checkpoint(directory, Json.STRICT.readValue(Files.readString(file), TrainerState.class));
        } catch (JsonProcessingException e) {
            throw new UserError(file + " is not the state of a training run: " + Json.reason(e)
                    + ". It was written by another version or program: use the version that wrote it.", e);
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e.getMessage() + ". Check its permissions.", e);
        }
    }

    private static void requireWhole(Path directory) {
        Path file = directory.resolve(FileManifest.FILE);
        FileManifest manifest;
        try {
            manifest = FileManifest.read(directory);
        } catch (IOException e) {
            throw broken(file, Files.exists(file) ? "it is not a manifest" : "it is missing", e);
        }
        for (String name : manifest.files().keySet()) {
            manifest.fault(directory, name).ifPresent(what -> {
                throw broken(directory.resolve(name), what, null);
            });
        }
    }

    private static UserError broken(Path file, String what, Throwable cause) {
        return new UserError("the checkpoint is broken at " + file + ": " + what
                + ". The file was changed, deleted or damaged after it was saved."
                + " Restore it, or delete the checkpoint to use the one before.", cause);
    }

    /**
     * The newest whole checkpoint of a run; broken ones are passed over with a warning, half-written ones are not seen. One that its run deletes just now,
     * after it saved a newer one, is no broken one: then the run is looked at again.
     *
     * @throws UserError if there are checkpoints and all are broken, naming the broken file of the newest
     */
    public static Optional<Checkpoint> latest(Path runDirectory) {
        for (Path entry : list(runDirectory)) {
            Matcher replaced = REPLACED.matcher(entry.getFileName().toString());
            if (replaced.matches()) {
                AtomicFiles.recover(runDirectory.resolve(replaced.group(1)));
            }
        }
        List<UserError> broken = new ArrayList<>();
        for (int attempt = 0; attempt < READS; attempt++) {
            List<Path> seen = newestFirst(runDirectory);
            broken.clear();
            for (Path directory : seen) {
                try {
                    Checkpoint whole = open(directory);
                    broken.forEach(e -> LOG.warn("{}", e.getMessage()));
                    return Optional.of(whole);
                } catch (UserError e) {
                    if (!Files.exists(directory)) {
                        break;
                    }
                    broken.add(e);
                }
            }
            // a listing during which one took the place of another may show neither
            if (!seen.isEmpty() && broken.size() == seen.size()) {
                break;
            }
        }
        broken.forEach(e -> LOG.warn("{}", e.getMessage()));
        if (!broken.isEmpty()) {
            throw broken.get(0);
        }
        return Optional.empty();
    }

    /**
     * Sets parameters, what is frozen, what optimisers remember and their step counts to what was saved.
     *
     * @param players as they were saved
     * @throws UserError if the checkpoint belongs to other models, optimisers or players
     */
    public void restore(List<Player> players) {
        Set<String> names = others(players).stream().map(Player::name).collect(Collectors.toSet());
        if (!names.equals(state.playerSteps().keySet())) {
            throw new UserError(directory + " holds beside its model " + state.playerSteps().keySet() + ", the run trains " + names
                    + ". It belongs to a run of another kind: go on with that one's configuration, or start a new run.");
        }
        restore(directory, players.get(0), state.globalStep());
        others(players).forEach(other -> restore(directory.resolve(other.name()), other, state.playerSteps().get(other.name())));
    }

    private static void restore(Path directory, Player player, long steps) {
        ModelFiles files = player.files();
        try (Safetensors model = Safetensors.open(directory.resolve(files.weights()));
                Safetensors remembered = Safetensors.open(directory.resolve(OPTIMIZER))) {
            restore(model, player);
            player.optimizer().state().forEach(tensor -> remembered.read(tensor.name(), tensor.shape(), tensor.values()));
        }
        player.optimizer().steps(steps);
    }

    /** Sets parameters and what is frozen of one player to what was saved, and nothing else. @param player the first */
    public void restoreModel(Player player) {
        try (Safetensors model = Safetensors.open(directory.resolve(player.files().weights()))) {
            restore(model, player);
        }
    }

    private static void restore(Safetensors model, Player player) {
        ModelFiles files = player.files();
        files.frozen().forEach(tensor -> model.read(tensor.name(), tensor.shape(), tensor.values()));
        player.optimizer().parameters().slots().forEach(slot -> model.read(files.stored(slot.name()), slot.shape(), slot.values()));
    }

    /** The name of the directory of a checkpoint. */
    public static String name(long step) {
        return "checkpoint-" + step;
    }

    /** {@link #prune(int, OptionalLong)} that keeps the newest. */
    public void prune(int limit) {
        prune(limit, OptionalLong.empty());
    }

    /**
     * Deletes the oldest checkpoints up to this one, which is safe on the disk, so that {@code limit} remain, and what killed saves left. This one and the
     * best always remain.
     *
     * @param limit 0: all remain
     * @param best  step of the best evaluation
     */
    public void prune(int limit, OptionalLong best) {
        Path runDirectory = directory.toAbsolutePath().getParent();
        try {
            for (Path entry : list(runDirectory)) {
                if (UNFINISHED.matcher(entry.getFileName().toString()).matches()) {
                    AtomicFiles.delete(entry);
                }
            }
            List<Path> upToThis = newestFirst(runDirectory).stream().filter(d -> step(d) <= state.globalStep()).toList();
            List<Path> others = upToThis.stream().filter(d -> step(d) != state.globalStep() && (best.isEmpty() || step(d) != best.getAsLong())).toList();
            int kept = Math.max(0, limit - (upToThis.size() - others.size()));
            for (Path old : limit == 0 ? List.<Path>of() : others.subList(Math.min(kept, others.size()), others.size())) {
                // a reader sees it whole or not at all
                AtomicFiles.delete(Files.move(old, old.resolveSibling("." + old.getFileName() + ".tmp"), StandardCopyOption.ATOMIC_MOVE));
            }
        } catch (IOException e) {
            LOG.warn("{} is saved, but an older checkpoint could not be deleted: {}. Check permissions and delete it by hand.", directory,
                    e.getMessage());
        }
    }

    /** The directories of a run that are called like a checkpoint, whole or not. */
    public static List<Path> newestFirst(Path runDirectory) {
        return list(runDirectory).stream().filter(p -> NAME.matcher(p.getFileName().toString()).matches() && Files.isDirectory(p))
                .sorted(Comparator.comparingLong(Checkpoint::step).reversed()).toList();
    }

    private static long step(Path directory) {
        return Long.parseLong(directory.getFileName().toString().substring("checkpoint-".length()));
    }

    private static List<Path> list(Path runDirectory) {
        if (!Files.isDirectory(runDirectory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(runDirectory)) {
            return entries.toList();
        } catch (IOException e) {
            throw new UserError("cannot list " + runDirectory + ": " + e.getMessage() + ". Check its permissions.", e);
        }
    }
}
