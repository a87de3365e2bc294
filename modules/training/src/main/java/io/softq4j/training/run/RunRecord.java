package io.softq4j.training.run;

import io.softq4j.common.AtomicFiles;
import io.softq4j.common.Json;
import io.softq4j.common.Sha256;
import io.softq4j.common.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * {@code run.json}: what decides the bits of a run and so must stay when it is resumed, and where the run found what it reads.
 *
 * @param fixed  name to value, such as configuration keys and hashes of data
 * @param places what is read to its path, which may change
 */
public record RunRecord(SortedMap<String, String> fixed, SortedMap<String, String> places) {

    private static final String FILE = "run.json";
    private static final int LONGEST_SHOWN = 80;

    public RunRecord {
        fixed = Collections.unmodifiableSortedMap(new TreeMap<>(fixed));
        places = Collections.unmodifiableSortedMap(new TreeMap<>(places));
    }

    public RunRecord(Map<String, String> fixed, Map<String, String> places) {
        this(new TreeMap<>(fixed), new TreeMap<>(places));
    }

    /** That of a run; empty where there is none. @throws UserError if it cannot be read */
    public static Optional<RunRecord> read(Path run) {
        Path file = run.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.STRICT.readValue(Files.readString(file), RunRecord.class));
        } catch (IOException e) {
            throw new UserError(file + " is not the record of a run that softq train wrote, or cannot be read. Restore it, or start a new run in another "
                    + "directory.", e);
        }
    }

    public void write(Path run) {
        AtomicFiles.writeString(run.resolve(FILE), Json.pretty(this));
    }

    /** Identifies all that is fixed. */
    String hash() {
        return Sha256.of(fixed.toString());
    }

    /** What is fixed and differs in {@code now}, one text each. */
    List<String> differences(RunRecord now) {
        List<String> differences = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>(fixed.keySet());
        names.addAll(now.fixed.keySet());
        for (String name : names) {
            if (!Objects.equals(fixed.get(name), now.fixed.get(name))) {
                differences.add(name + ": " + shown(fixed.get(name)) + " in the run, " + shown(now.fixed.get(name)) + " now");
            }
        }
        return differences;
    }

    private static String shown(String value) {
        String line = value == null ? "absent" : value.strip().replace('\n', ' ');
        return line.length() > LONGEST_SHOWN ? line.substring(0, LONGEST_SHOWN) + "..." : line;
    }
}
