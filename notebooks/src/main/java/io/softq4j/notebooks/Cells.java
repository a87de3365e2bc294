package io.softq4j.notebooks;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.UnresolvedReferenceException;

/**
 * Evaluates the source of a cell, snippet by snippet, and stops at the first that does not compile or throws. What a snippet declares stays
 * for later cells.
 */
final class Cells {

    /** What JJava imports by default, and its display functions. */
    private static final String IMPORTS = """
        import java.io.*;
        import java.math.*;
        import java.net.*;
        import java.time.*;
        import java.util.*;
        import java.util.concurrent.*;
        import java.util.function.*;
        import java.util.regex.*;
        import java.util.stream.*;
        import static org.dflib.jjava.jupyter.kernel.BaseNotebookStatics.*;
        """;

    private final JShell shell;

    Cells(JShell shell) {
        this.shell = shell;
        evaluate(IMPORTS);
    }

    /**
     * Evaluates every snippet of a cell in order.
     *
     * @return the text of the last snippet's value where that is an expression without a variable of its own, else null
     * @throws IllegalStateException if the cell does not compile or throws; the message holds the snippet, and the compiler's words or the exception
     */
    String evaluate(String source) {
        String value = null;
        CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(source);
        while (next.completeness() != Completeness.EMPTY) {
            if (!next.completeness().isComplete()) {
                throw new IllegalStateException("incomplete Java, perhaps a missing bracket or quote:\n" + next.remaining().strip());
            }
            value = null;
            for (SnippetEvent event : shell.eval(next.source())) {
                // events with a cause report what became of earlier snippets
                if (event.causeSnippet() == null) {
                    requireSuccess(event);
                    value = isResult(event.snippet()) ? event.value() : null;
                }
            }
            next = shell.sourceCodeAnalysis().analyzeCompletion(next.remaining());
        }
        return value;
    }

    private static boolean isResult(Snippet snippet) {
        return switch (snippet.subKind()) {
            case TEMP_VAR_EXPRESSION_SUBKIND, VAR_VALUE_SUBKIND, OTHER_EXPRESSION_SUBKIND -> true;
            default -> false;
        };
    }

    private void requireSuccess(SnippetEvent event) {
        String source = event.snippet().source().strip();
        if (event.exception() != null) {
            throw new IllegalStateException(describe(event.exception()) + "\nin:\n" + source, event.exception());
        }
        // recoverable: a method may use what a later snippet of the cell declares
        if (event.status() == Snippet.Status.REJECTED) {
            List<String> messages = shell.diagnostics(event.snippet()).map(d -> d.getMessage(Locale.ROOT)).toList();
            throw new IllegalStateException("does not compile: " + String.join("; ", messages) + "\nin:\n" + source);
        }
    }

    private String describe(JShellException exception) {
        if (exception instanceof EvalException thrown) {
            return thrown.getExceptionClassName() + ": " + thrown.getMessage();
        }
        return ((UnresolvedReferenceException) exception).getSnippet().name() + " uses what is not declared: "
            + shell.unresolvedDependencies(((UnresolvedReferenceException) exception).getSnippet()).collect(Collectors.joining(", "));
    }

    /** Whether the source needs no further line. */
    boolean isComplete(String source) {
        CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(source);
        while (next.completeness().isComplete() && !next.remaining().isBlank()) {
            next = shell.sourceCodeAnalysis().analyzeCompletion(next.remaining());
        }
        return next.completeness().isComplete() || next.completeness() == Completeness.EMPTY;
    }
}
