package io.softq4j.cli.terminal;

import io.softq4j.evaluation.TerminalTable;
import io.softq4j.model.SupportedModel;
import io.softq4j.workflow.ModelDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is known of models, for the terminal. */
public final class ModelDescriptionText {

    /** The most tensors of which each is named; the JSON has all. */
    private static final int TENSORS = 20;

    private ModelDescriptionText() {
    }

    /** The kinds of models that can be loaded. */
    public static String families() {
        return new TerminalTable(List.of("model_type", "architecture", "models", "described in", "supported"), SupportedModel.all().stream()
                .map(m -> List.of(m.modelType(), m.architecture(), m.covers(), m.paper(), m.supports())).toList()).toString();
    }

    /** A line for each thing, then the tensors that do not fit, the memory for training, and why the directory cannot be loaded. */
    public static String of(ModelDescription model) {
        StringBuilder text = new StringBuilder();
        line(text, "directory", model.directory());
        if (model.adapter() != null) {
            line(text, "adapter", model.adapter());
        }
        if (model.model() != null) {
            line(text, "model", model.model().modelType() + ", " + model.model().architecture() + " (" + model.model().covers() + "; "
                    + model.model().paper() + ")");
            line(text, "parameters", parameters(model.parameters()));
        }
        if (model.weights() != null) {
            line(text, "weights", weights(model.weights()));
        }
        if (model.context() != null) {
            line(text, "context", model.context().length() == null ? "without limit: positions are relative"
                    : String.format(Locale.ROOT, "%,d tokens (%s)", model.context().length(), model.context().key()));
            line(text, "vocabulary", vocabulary(model.vocabulary()));
        }
        line(text, "chat template", model.chatTemplate() == null ? "none" : "in " + model.chatTemplate());
        line(text, "end tokens", model.endTokens().isEmpty() ? "none named" : model.endTokens().stream()
                .map(end -> end.id() + " " + (end.text() == null ? "(not in the tokenizer)" : end.text())).collect(Collectors.joining(", ")));
        if (model.weights() != null && model.model() != null) {
            line(text, "tensors", model.tensors().isEmpty() ? "all there, none left over" : count(model.tensors().size()) + " do not fit");
        }
        tensors(text, model.tensors());
        if (model.memory() != null) {
            model.memory().forEach(memory -> memory(text, memory));
        }
        if (!model.loads()) {
            text.append("\ncannot be loaded:\n");
            model.problems().forEach(problem -> text.append("- ").append(problem).append('\n'));
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "%-14s %s", name, value)).append('\n');
    }

    private static String parameters(ModelDescription.Parameters p) {
        return count(p.total()) + ": embedding " + count(p.embedding()) + ", layers " + count(p.layers()) + ", norms " + count(p.norms())
                + (p.savedByTied() > 0 ? "; output layer tied to the embedding, which saves " + count(p.savedByTied())
                        : ", output " + count(p.output()));
    }

    private static String weights(ModelDescription.Weights w) {
        String types = w.dtypes().size() == 1 ? w.dtypes().keySet().iterator().next()
                : w.dtypes().entrySet().stream().map(t -> t.getKey() + " " + size(t.getValue())).collect(Collectors.joining(", "));
        String files = w.files().size() == 1 ? w.files().get(0) : w.files().size() + " shards";
        return size(w.bytes()) + " as " + types + ", " + count(w.tensors()) + " tensors in " + files;
    }

    private static String vocabulary(ModelDescription.Vocabulary v) {
        if (v.tokenizer() == null) {
            return count(v.model()) + " in the model";
        }
        int spare = v.model() - v.tokenizer();
        return "model " + count(v.model()) + ", tokenizer " + count(v.tokenizer())
                + (spare > 0 ? ": " + count(spare) + " rows to spare, as is usual" : spare < 0 ? ": they disagree" : "");
    }

    private static void tensors(StringBuilder text, List<ModelDescription.Misfit> tensors) {
        if (tensors.isEmpty()) {
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        for (ModelDescription.Misfit tensor : tensors.subList(0, Math.min(TENSORS, tensors.size()))) {
            rows.add(List.of(tensor.problem().replace('_', ' '), tensor.tensor(), or(tensor.dtype()), or(tensor.shape()), or(tensor.expectedShape()),
                    or(tensor.file())));
        }
        text.append('\n').append(new TerminalTable(List.of("problem", "tensor", "dtype", "shape", "needed", "file"), rows));
        if (tensors.size() > TENSORS) {
            text.append("and ").append(count(tensors.size() - TENSORS)).append(" more, which --json lists\n");
        }
    }

    private static String or(Object value) {
        return value == null ? "-" : value.toString();
    }

    private static void memory(StringBuilder text, ModelDescription.Memory memory) {
        ModelDescription.Need first = memory.batches().get(0);
        text.append(String.format(Locale.ROOT, "%nmemory for training, in GB (%s: weights %s, gradients %s, averages %s); free here: %s%n",
                memory.optimizer(), gigabytes(first.weights()), gigabytes(first.gradients()), gigabytes(first.moments()),
                gigabytes(memory.available())));
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < memory.batches().size(); i += 2) {
            ModelDescription.Need plain = memory.batches().get(i);
            ModelDescription.Need again = memory.batches().get(i + 1);
            rows.add(List.of(Integer.toString(plain.rows()), count(plain.length()), gigabytes(plain.activations()), gigabytes(plain.total()),
                    plain.fits() ? "yes" : "no", gigabytes(again.activations()), gigabytes(again.total()), again.fits() ? "yes" : "no"));
        }
        text.append(new TerminalTable(List.of("batch", "length", "activations", "in all", "fits", "with gradient_checkpointing", "in all", "fits"),
                rows));
    }

    private static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    private static String size(long bytes) {
        return bytes < 100_000_000 ? String.format(Locale.ROOT, "%,.3f MB", bytes / 1e6) : gigabytes(bytes) + " GB";
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, bytes < 10_000_000 ? "%.4f" : "%,.2f", bytes / 1e9);
    }
}
