package io.softq4j.sweep;

import io.softq4j.common.UserError;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A trial and what became of it.
 *
 * @param trial   which one
 * @param status  how far it came
 * @param score   higher is better; NaN unless complete
 * @param seconds it ran, to the millisecond; 0 when pending
 * @param report  of its {@link TrialResult}; empty unless complete
 * @param error   message or stack trace; empty unless failed
 */
public record TrialRecord(Trial trial, TrialStatus status, double score, double seconds, Map<String, Object> report, String error) {

    /** A stack overflow alone has a thousand lines, which say no more than these. */
    private static final int TRACE_LINES = 60;

    static TrialRecord pending(Trial trial) {
        return new TrialRecord(trial, TrialStatus.PENDING, Double.NaN, 0, Map.of(), "");
    }

    static TrialRecord cancelled(Trial trial, double seconds) {
        return new TrialRecord(trial, TrialStatus.CANCELLED, Double.NaN, seconds, Map.of(), "");
    }

    static TrialRecord complete(Trial trial, double score, Map<String, Object> report, double seconds) {
        return new TrialRecord(trial, TrialStatus.COMPLETE, score, seconds, report, "");
    }

    static TrialRecord failed(Trial trial, Throwable cause, double seconds) {
        String text;
        if (cause instanceof UserError) {
            text = cause.getMessage();
        } else {
            StringWriter trace = new StringWriter();
            cause.printStackTrace(new PrintWriter(trace, true));
            text = trace.toString().lines().limit(TRACE_LINES).collect(Collectors.joining("\n"));
        }
        return new TrialRecord(trial, TrialStatus.FAILED, Double.NaN, seconds, Map.of(), text);
    }

    /** The first line of {@code error}. */
    public String errorSummary() {
        return error.lines().findFirst().orElse("");
    }
}
