package io.softq4j.model;

import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import io.softq4j.model.weights.TensorInfo;
import io.softq4j.model.weights.WeightFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How the tensors in the files of a directory fit a model, from the headers alone: nothing is allocated, and nothing read but what repeats
 * another tensor.
 *
 * @param stored      name of each parameter that is there to the name of its tensor, in the model's order
 * @param problems    what keeps the weights from being loaded, in the model's order, then what is left over
 * @param likelyCause what in {@code config.json} is likely wrong; may be empty
 */
public record WeightFit(Map<String, String> stored, List<Problem> problems, String likelyCause) {

    /** What can be wrong with a tensor. */
    public enum Kind { MISSING, WRONG_SHAPE, WRONG_DTYPE, TOO_LARGE, NO_COPY, UNEXPECTED }

    /**
     * One tensor that does not fit.
     *
     * @param kind     what is wrong
     * @param tensor   its name in the files
     * @param file     the file it is in; null where it is missing
     * @param dtype    its type there; null where it is missing
     * @param shape    its shape there; null where it is missing
     * @param expected the shape the model needs; null where it is unexpected
     */
    public record Problem(Kind kind, String tensor, Path file, String dtype, List<Integer> shape, List<Integer> expected) {

        /** What is wrong, in one line. */
        public String message() {
            return switch (kind) {
                case MISSING -> "tensor '" + tensor + "' of shape " + expected + " is missing";
                case WRONG_SHAPE -> file + ": tensor '" + tensor + "' has shape " + shape + ", the model needs " + expected;
                case WRONG_DTYPE -> file + ": tensor '" + tensor + "' is " + dtype + "; readable as weights are F32, F16 and BF16";
                case TOO_LARGE -> file + ": tensor '" + tensor + "' of shape " + shape + " takes more than " + Integer.MAX_VALUE
                        + " bytes as F32, the most that one may take";
                case NO_COPY -> file + ": tensor '" + tensor + "' of shape " + shape + " differs from the embedding, which it repeats in "
                        + "this family";
                case UNEXPECTED -> file + ": tensor '" + tensor + "' of shape " + shape + " has no place in the model";
            };
        }
    }

    /** Layers whose graph is quickly built. */
    private static final int FEW = 16;

    /** The most problems that an error repeats. */
    private static final int SHOWN = 3;

    public WeightFit {
        problems = List.copyOf(problems);
    }

    /** Compares the model that {@code config} describes with what the headers of {@code files} say. */
    public static WeightFit of(ModelConfig config, WeightFiles files) {
        Family family = Family.of(config);
        if (config.layers() > files.names().size() + FEW) { // its graph would take long, and say no more
            throw new UserError(config.layersKey() + " says " + config.layers() + " layers, and the weights have " + files.names().size()
                    + " tensors, fewer than one for each. Weights and config.json belong to different models, or one of them was changed: "
                    + "copy or download "
                    + "the directory again.");
        }
        ModelGraph model = LanguageModel.outline(config, Lowering.best());
        Map<String, String> stored = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        Set<String> unexpected = new TreeSet<>(files.names());
        unexpected.removeIf(family::redundant);
        for (String name : model.parameters()) {
            String tensor = family.stored(name, files.names());
            List<Integer> expected = Arrays.stream(model.graph().getVariable(name).getShape()).mapToObj(Math::toIntExact).toList();
            unexpected.remove(tensor);
            if (!files.names().contains(tensor)) {
                problems.add(new Problem(Kind.MISSING, tensor, null, null, null, expected));
                continue;
            }
            stored.put(name, tensor);
            TensorInfo info = files.info(tensor);
            if (!info.shape().equals(expected)) {
                problems.add(found(Kind.WRONG_SHAPE, files, info, expected));
            } else if (!info.dtype().isReadable()) {
                problems.add(found(Kind.WRONG_DTYPE, files, info, expected));
            } else if (info.size() > Integer.MAX_VALUE / Float.BYTES) {
                problems.add(found(Kind.TOO_LARGE, files, info, expected));
            }
        }
        String embedding = family.stored(family.embedding(), files.names());
        for (String copy : family.copies()) {
            String tensor = family.stored(copy, files.names());
            if (unexpected.remove(tensor) && stored.containsValue(embedding) && !files.equal(tensor, embedding)) {
                problems.add(found(Kind.NO_COPY, files, files.info(tensor), files.info(embedding).shape()));
            }
        }
        unexpected.forEach(name -> problems.add(found(Kind.UNEXPECTED, files, files.info(name), null)));
        boolean headless = !config.tieWordEmbeddings() && !stored.containsKey(family.output());
        return new WeightFit(stored, problems, headless ? family.headless() : "");
    }

    private static Problem found(Kind kind, WeightFiles files, TensorInfo info, List<Integer> expected) {
        return new Problem(kind, info.name(), files.file(info.name()), info.dtype().name(), info.shape(), expected);
    }

    /** @throws UserError if anything is wrong, naming the first few tensors, how many more there are, and what to do */
    public void require(Path directory) {
        if (problems.isEmpty()) {
            return;
        }
        String first = problems.stream().limit(SHOWN).map(Problem::message).collect(Collectors.joining("; "));
        String more = problems.size() > SHOWN ? "; and " + (problems.size() - SHOWN) + " more, which softq models " + directory + " lists"
                : "";
        throw new UserError("the weights in " + directory + " do not fit the model of its config.json: " + first + more + ". " + advice());
    }

    private String advice() {
        if (!likelyCause.isEmpty() && problems.size() == 1) {
            return likelyCause;
        }
        if (problems.stream().allMatch(p -> p.kind() == Kind.WRONG_DTYPE)) {
            return problems.get(0).dtype().equals("F64")
                    ? "F64 would be rounded unasked: convert it in Python with model.float().save_pretrained(DIRECTORY)."
                    : "The checkpoint is quantised, or this is no weight: take the checkpoint before quantisation.";
        }
        if (problems.stream().allMatch(p -> p.kind() == Kind.TOO_LARGE)) {
            return "Choose a model with a smaller vocabulary or width.";
        }
        return "Weights and config.json belong to different models, or one of them was changed: copy or download the directory again.";
    }
}
