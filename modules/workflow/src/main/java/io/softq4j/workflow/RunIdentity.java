package io.softq4j.workflow;

import io.softq4j.common.Sha256;
import io.softq4j.common.UserError;
import io.softq4j.config.ConfigFile;
import io.softq4j.model.ModelConfig;
import io.softq4j.tokens.store.TokenStore;
import io.softq4j.training.run.RunDirectory;
import io.softq4j.training.run.RunRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What makes a run that run: which keys of its configuration, and which data, must be the same when it is resumed. */
final class RunIdentity {

    /** How long, how often, where and what for: none of it changes the step that is made next, but for the schedule that ends with the run. */
    private static final Pattern MAY_CHANGE = Pattern.compile("(evaluation|generation|sweep)\\..*"
            + "|training\\.(max_steps|num_train_epochs|logging_steps|save_\\w+|eval_\\w+|max_shard_size|gradient_checkpointing)"
            + "|data\\.(train|validation|num_proc|filter\\.decontaminate)|tokenizer\\.file");

    /** Keys that came later, each with the value that means what runs did before there was the key: such a run may go on. */
    private static final Map<String, String> CAME_LATER = Map.of("training.optim", "adamw_torch", "training.sgd_momentum", "0.0",
            "data.validation_names", "[]", "objective.baseline", "none");

    /** Keys that name files, which may lie elsewhere: their bytes count. */
    static final List<String> FILES = List.of("data.train", "data.validation", "data.filter.decontaminate", "tokenizer.file");

    private static final String AUTO = "auto";
    private static final String DATA = "data";
    private static final String WEIGHT = "weight of training data";
    private static final String MODEL = "model";
    private static final String CONFIG_NAME = "config_name";
    private static final Pattern WEIGHTS = Pattern.compile(".*\\.(safetensors|bin)");

    private RunIdentity() {
    }

    /** @param size of the model @param objective the name of one of an application's own */
    static RunRecord of(ConfigFile config, PreparedData data, Start start, ModelConfig size, Optional<String> objective) {
        Map<String, String> fixed = fixed(config);
        Map<String, String> places = new TreeMap<>();
        for (int i = 0; i < data.directories().size(); i++) {
            PreparedData part = data.directories().get(i);
            String number = number(i);
            shards(fixed, "training data" + number, part.train());
            part.validation().forEach((set, store) -> shards(fixed, "validation data" + (set.isEmpty() ? "" : " of " + set) + number, store));
            places.put(DATA + number, absolute(part.directory()));
        }
        for (int i = 0; i < data.mixed().size(); i++) {
            fixed.put(WEIGHT + number(i), Double.toString(data.mixed().get(i).store().weight()));
        }
        fixed.put("tokenizer of the data, sha256", data.train().manifest().tokenizerSha256());
        fixed.put("model that the run starts from", size.modelType() + (start instanceof Start.Weights weights ? ", weights of sha256 "
                + hash(ModelDirectory.find(weights.path())) : ", fresh weights"));
        objective.ifPresent(name -> fixed.put("objective of the application", name));
        if (start instanceof Start.Weights weights) {
            places.put(MODEL, absolute(weights.path()));
        } else if (start instanceof Start.Sized sized) {
            places.put(CONFIG_NAME, absolute(sized.path()));
        }
        return new RunRecord(fixed, places);
    }

    /**
     * Refuses what options set of some sections, if it must stay and differs: before there are data.
     *
     * @throws UserError naming each key with both values
     */
    static void requireSameKeys(Path run, RunRecord begun, ConfigFile now, Set<String> sections) {
        Set<String> set = sections.stream().flatMap(section -> now.assigned(section).stream())
                .filter(key -> !now.value(key).filter(AUTO::equals).isPresent()).collect(Collectors.toSet());
        RunDirectory.requireSameRun(run, new RunRecord(below(set, begun.fixed()), Map.of()), new RunRecord(below(set, fixed(now)), Map.of()));
    }

    private static Map<String, String> below(Set<String> keys, Map<String, String> all) {
        Map<String, String> below = new TreeMap<>(all);
        below.keySet().removeIf(name -> keys.stream().noneMatch(key -> name.equals(key) || name.startsWith(key + ".")));
        return below;
    }

    /** The keys that must stay. */
    static Map<String, String> fixed(ConfigFile config) {
        Map<String, String> fixed = flat(config);
        fixed.entrySet().removeIf(entry -> MAY_CHANGE.matcher(entry.getKey()).matches() || entry.getValue().equals(CAME_LATER.get(entry.getKey())));
        return fixed;
    }

    /** Keys that came later than a run began: the run goes on as if they had been stated. */
    static Set<String> later(RunRecord begun) {
        return CAME_LATER.keySet().stream().filter(key -> !begun.fixed().containsKey(key)).collect(Collectors.toSet());
    }

    /** Behind a name: nothing, 2, 3 and so on. */
    private static String number(int index) {
        return index == 0 ? "" : " " + (index + 1);
    }

    private static void shards(Map<String, String> fixed, String part, TokenStore store) {
        store.verify();
        store.manifest().shards().forEach(shard -> fixed.put(part + ", sha256 of " + shard.file(), shard.sha256()));
    }

    /** Of the weight files of a directory. */
    static String hash(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            StringBuilder hashes = new StringBuilder();
            for (Path file : files.filter(f -> WEIGHTS.matcher(f.getFileName().toString()).matches()).sorted().toList()) {
                hashes.append(Sha256.of(file));
            }
            return Sha256.of(hashes.toString());
        } catch (IOException e) {
            throw new UserError("cannot read the weights in " + directory + ": " + e.getMessage() + ". Check permissions.", e);
        }
    }

    private static String absolute(Path path) {
        return path.toAbsolutePath().normalize().toString();
    }

    /** The data directories of a run with their weights, for who gives none. */
    static List<StorePath> data(RunRecord run) {
        List<StorePath> data = new ArrayList<>();
        for (int i = 0; place(run, DATA + number(i)).isPresent(); i++) {
            data.add(new StorePath(place(run, DATA + number(i)).get(), Double.parseDouble(run.fixed().getOrDefault(WEIGHT + number(i), "1"))));
        }
        return data;
    }

    /** What a run started from, for who does not say it. */
    static Start start(RunRecord run) {
        return Start.of(place(run, MODEL), place(run, CONFIG_NAME));
    }

    private static Optional<Path> place(RunRecord run, String name) {
        return Optional.ofNullable(run.places().get(name)).map(Path::of);
    }

    /** The keys that may change and did, each with both values. */
    static List<String> changes(ConfigFile before, ConfigFile now) {
        Map<String, String> there = flat(before);
        Map<String, String> here = flat(now);
        List<String> changes = new ArrayList<>();
        here.forEach((key, value) -> {
            if (MAY_CHANGE.matcher(key).matches() && !Objects.equals(there.get(key), value)) {
                changes.add(key + ": " + there.getOrDefault(key, "absent") + " before, " + value + " from here on");
            }
        });
        return changes;
    }

    private static Map<String, String> flat(ConfigFile config) {
        Map<String, String> flat = new TreeMap<>();
        config.values().forEach((section, value) -> flatten(section, value, flat));
        return flat;
    }

    private static void flatten(String path, Object value, Map<String, String> flat) {
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            map.forEach((key, element) -> flatten(path + "." + key, element, flat));
        } else {
            flat.put(path, String.valueOf(value));
        }
    }
}
