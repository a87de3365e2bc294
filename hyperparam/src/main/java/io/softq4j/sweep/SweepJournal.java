package io.softq4j.sweep;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.softq4j.common.AtomicFiles;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code sweep.json}: which study this is and what became of each trial. Written whole after every trial, so that it can be read at any moment,
 * also after the process was killed.
 *
 * <pre>
 * { "format": "softq4j-sweep", "version": 1,
 *   "study":  {"search", "parameters", "seeds", and for random search "trials", "seed"},
 *   "base":   what else decides the results, from the caller,
 *   "trials": [{"index", "directory", "parameters", "seed", "status", "score", "seconds", "report", "error"}, ...] }
 * </pre>
 * Score and report stand at complete trials, error at failed ones.
 */
final class SweepJournal {

    static final String FILE = "sweep.json";
    private static final String FORMAT = "softq4j-sweep";

    private final Path file;
    private final Map<String, Object> identity;
    private final List<TrialRecord> records;

    private SweepJournal(Path file, Map<String, Object> identity, List<TrialRecord> records) {
        this.file = file;
        this.identity = identity;
        this.records = records;
    }

    /**
     * The journal in {@code out}, or a new one where there is none. A complete trial whose directory was deleted counts as pending. Trials that the
     * journal knows keep their directories, also where a grown study has them at other places; new ones are numbered behind them.
     *
     * @throws UserError when the file there belongs to another study, cannot be read, or cannot be written, or is missing beside trials
     */
    static SweepJournal open(SweepConfig config, Map<String, Object> base, Path out, List<Trial> trials) {
        Path file = out.resolve(FILE);
        SweepJournal journal = new SweepJournal(file, StudyIdentity.of(config, base), new ArrayList<>());
        if (Files.exists(file)) {
            journal.load(trials);
        } else {
            refuseRemains(file, trials);
            trials.forEach(trial -> journal.records.add(TrialRecord.pending(trial)));
        }
        journal.write();
        return journal;
    }

    /** Without a journal nobody knows from which study a trial's directory is, and a runner could continue from a stranger's checkpoint. */
    private static void refuseRemains(Path file, List<Trial> trials) {
        for (Trial trial : trials) {
            if (Files.exists(trial.directory())) {
                throw new UserError(trial.directory() + " exists, but " + file + ", which would say from which study it is, does not. "
                        + "Restore the file, or delete the trial-* directories beside it, or choose another output directory.");
            }
        }
    }

    /** What is known of every trial, by index. */
    synchronized List<TrialRecord> records() {
        return List.copyOf(records);
    }

    /** Keeps {@code record} and writes the file; an interrupt of this thread waits until that is done. */
    synchronized void record(TrialRecord record) {
        boolean interrupted = Thread.interrupted();
        try {
            records.set(record.trial().index(), record);
            write();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void load(List<Trial> trials) {
        Map<String, Object> content;
        try {
            content = JournalValues.read(file);
        } catch (JsonProcessingException e) {
            throw unreadable("it is not JSON: " + Json.reason(e));
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e.getMessage() + ". Check its permissions, or choose another output directory.", e);
        }
        if (!FORMAT.equals(content.get("format")) || !Long.valueOf(1).equals(content.get("version"))) {
            throw unreadable("format '" + content.get("format") + "' version " + content.get("version") + ", expected '" + FORMAT + "' version 1");
        }
        StudyIdentity.check(file, identity, content);
        try {
            List<?> entries = (List<?>) content.get("trials");
            Map<String, Deque<Map<?, ?>>> known = new HashMap<>();
            for (Object entry : entries) {
                Map<?, ?> map = (Map<?, ?>) entry;
                known.computeIfAbsent(key((Map<?, ?>) map.get("parameters"), (Long) map.get("seed")), key -> new ArrayDeque<>()).add(map);
            }
            int next = entries.size();
            for (Trial trial : trials) {
                Map<?, ?> entry = known.getOrDefault(key(trial.parameters(), trial.seed()), new ArrayDeque<>()).poll();
                records.add(entry == null ? TrialRecord.pending(trial.numbered(next++)) : loaded(trial.in((String) entry.get("directory")), entry));
            }
        } catch (ClassCastException | NullPointerException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw unreadable("its trials are not as this program writes them (" + e.getMessage() + ")");
        }
    }

    private static String key(Map<?, ?> parameters, long seed) {
        return JournalValues.canonical(parameters) + " " + seed;
    }

    private static TrialRecord loaded(Trial trial, Map<?, ?> entry) {
        TrialStatus status = TrialStatus.of((String) entry.get("status"));
        double seconds = ((Number) entry.get("seconds")).doubleValue();
        return switch (status) {
            case COMPLETE -> {
                @SuppressWarnings("unchecked")
                TrialResult result = new TrialResult(((Number) entry.get("score")).doubleValue(), (Map<String, Object>) entry.get("report"));
                yield Files.isDirectory(trial.directory()) ? TrialRecord.complete(trial, result.score(), result.report(), seconds)
                        : TrialRecord.pending(trial);
            }
            case FAILED -> new TrialRecord(trial, status, Double.NaN, seconds, Map.of(), (String) entry.get("error"));
            case CANCELLED -> TrialRecord.cancelled(trial, seconds);
            case PENDING -> TrialRecord.pending(trial);
        };
    }

    private UserError unreadable(String why) {
        return new UserError("cannot continue from " + file + ": " + why + ". The sweep writes this file whole, so something else has changed it. "
                + "Restore it, or choose another output directory, or delete it to run every trial again.");
    }

    private void write() {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("format", FORMAT);
        content.put("version", 1);
        content.putAll(identity);
        content.put("trials", records.stream().map(SweepJournal::entry).toList());
        AtomicFiles.writeString(file, JournalValues.write(content));
    }

    private static Map<String, Object> entry(TrialRecord record) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("index", record.trial().index());
        entry.put("directory", record.trial().name());
        entry.put("parameters", record.trial().parameters());
        entry.put("seed", record.trial().seed());
        entry.put("status", record.status().toString());
        if (record.status() == TrialStatus.COMPLETE) {
            entry.put("score", record.score());
        }
        entry.put("seconds", record.seconds());
        if (record.status() == TrialStatus.COMPLETE) {
            entry.put("report", record.report());
        }
        if (record.status() == TrialStatus.FAILED) {
            entry.put("error", record.error());
        }
        return entry;
    }
}
