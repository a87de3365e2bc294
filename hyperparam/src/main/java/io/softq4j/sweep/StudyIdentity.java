package io.softq4j.sweep;

import io.softq4j.common.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What makes two sweeps the same study, so that one may continue the other: the caller's base, and the trials planned, of which there may be more
 * than before. How the trials are run (time limit, parallelism, stopping on failure) may change between runs.
 */
final class StudyIdentity {

    private static final int SHOWN = 5;

    private StudyIdentity() {
    }

    /** The journal's "study" and "base", as they read after a trip through JSON. */
    static Map<String, Object> of(SweepConfig config, Map<String, Object> base) {
        Map<String, Object> study = new LinkedHashMap<>();
        study.put("search", config.search().toString());
        study.put("parameters", config.parameters());
        study.put("seeds", config.seeds());
        if (config.search() == Search.RANDOM) {
            study.put("trials", config.trials());
            study.put("seed", config.seed());
        }
        Map<String, Object> identity = new LinkedHashMap<>();
        identity.put("study", study);
        identity.put("base", base);
        return JournalValues.normalised(identity);
    }

    /** @throws UserError naming what differs between the study now and the one in the journal */
    static void check(Path file, Map<String, Object> now, Map<String, Object> journal) {
        Map<String, Object> wanted = flat(now);
        Map<String, Object> found = flat(journal);
        boolean grid = Search.GRID.toString().equals(wanted.get("sweep.search"));
        List<String> differences = new ArrayList<>();
        TreeSet<String> keys = new TreeSet<>(wanted.keySet());
        keys.addAll(found.keySet());
        for (String key : keys) {
            Object there = found.getOrDefault(key, "absent");
            Object here = wanted.getOrDefault(key, "absent");
            if (!JournalValues.canonical(there).equals(JournalValues.canonical(here)) && !grows(key, there, here, grid)) {
                differences.add(key + ": " + JournalValues.canonical(there) + " there, " + JournalValues.canonical(here) + " now");
            }
        }
        List<String> orderNow = parameterOrder(now);
        List<String> orderThere = parameterOrder(journal);
        if (differences.isEmpty() && !orderNow.equals(orderThere)) {
            differences.add("order of sweep.parameters: " + orderThere + " there, " + orderNow + " now");
        }
        if (!differences.isEmpty()) {
            int more = differences.size() - SHOWN;
            throw new UserError(file + " belongs to another study. " + String.join("; ", differences.subList(0, Math.min(SHOWN, differences.size())))
                    + (more > 0 ? "; and " + more + " more" : "") + ". Trials of different studies cannot be compared; a study may have more values, seeds or random trials than before, not "
                    + "fewer. Choose another output "
                    + "directory, or delete this file and the trial-* directories beside it to start anew, or set the values back to continue.");
        }
    }

    /** Whether a key only adds trials: all that were there are there still. */
    private static boolean grows(String key, Object there, Object here, boolean grid) {
        if (there instanceof Collection<?> before && here instanceof Collection<?> after) {
            boolean adds = key.equals("sweep.seeds") || grid && key.startsWith("sweep.parameters.");
            return adds && after.stream().map(JournalValues::canonical).toList().containsAll(before.stream().map(JournalValues::canonical).toList());
        }
        return key.equals("sweep.trials") && there instanceof Number before && here instanceof Number after && after.longValue() > before.longValue();
    }

    private static Map<String, Object> flat(Map<String, Object> identity) {
        Map<String, Object> flat = new LinkedHashMap<>();
        flatten("sweep", identity.get("study"), flat);
        flatten("", identity.get("base"), flat);
        return flat;
    }

    private static void flatten(String path, Object value, Map<String, Object> flat) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, element) -> flatten(path.isEmpty() ? key.toString() : path + "." + key, element, flat));
        } else {
            flat.put(path, value == null ? "null" : value);
        }
    }

    private static List<String> parameterOrder(Map<String, Object> identity) {
        return identity.get("study") instanceof Map<?, ?> study && study.get("parameters") instanceof Map<?, ?> parameters
                ? parameters.keySet().stream().map(String::valueOf).toList() : List.of();
    }
}
