package io.softq4j.data;

import io.softq4j.common.Sha256;
import io.softq4j.common.UserError;
import io.softq4j.data.read.CorpusFile;
import io.softq4j.tokens.huggingface.Tokenizers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A hash of all that decides what a preparation makes: contents and names of the corpus files, the configuration, the tokenizer's files, the chat
 * template, the user's transforms. Where the files lie and how many threads run does not count.
 *
 * @param hash    SHA-256 in hexadecimal
 * @param sources the corpus files, in their order
 */
record PreparationKey(String hash, List<PreparationReport.Source> sources) {

    /** Raised when the same input would give another output. */
    private static final int VERSION = 3;
    /** The same for mixtures alone. */
    private static final String MIXTURE = "mixture 2";

    static PreparationKey of(DataConfig data, TokenizerConfig tokenizer, Optional<String> chatTemplate, Sources train, Map<String, Sources> validation,
                             Optional<Sources> evaluation) {
        List<PreparationReport.Source> sources = new ArrayList<>();
        try {
            add(sources, "train", train);
            for (Map.Entry<String, Sources> set : validation.entrySet()) {
                add(sources, Preparation.validation(set.getKey()), set.getValue());
            }
            if (evaluation.isPresent()) {
                add(sources, "decontaminate", evaluation.get());
            }
            List<String> all = new ArrayList<>(List.of("softq4j preparation " + VERSION, settings(data), settings(tokenizer), chatTemplate.orElse("")));
            sources.forEach(source -> all.add(source.toString()));
            if (!data.mixingWeights().isEmpty()) {
                all.add(MIXTURE);
            }
            for (String className : data.filter().transforms()) {
                all.add(classHash(className));
            }
            if (tokenizer.file() != null) {
                all.addAll(tokenizerFiles(Path.of(tokenizer.file())));
            }
            return new PreparationKey(Sha256.of(String.join("\n", all).getBytes(StandardCharsets.UTF_8)), List.copyOf(sources));
        } catch (IOException e) {
            throw new UserError("cannot read the corpus: " + e.getMessage(), e);
        }
    }

    /** The key came later: without names all is as it was before. */
    private static final String UNNAMED = ", validationNames=[]";

    private static void add(List<PreparationReport.Source> sources, String part, Sources corpus) throws IOException {
        for (int i = 0; i < corpus.corpora().size(); i++) {
            for (CorpusFile file : corpus.corpora().get(i).files()) {
                sources.add(new PreparationReport.Source(part, file.name(), Sha256.of(file.path())));
            }
        }
    }

    /** The configuration without paths, which say nothing about the content, but with how many entries each list has. */
    private static String settings(DataConfig data) {
        FilterConfig filter = data.filter().with(f -> f.decontaminate(withoutPaths(data.filter().decontaminate())));
        return data.with(d -> d.train(withoutPaths(data.train())).validation(withoutPaths(data.validation())).chatTemplate(null).numProc(0)
                .filter(filter)).toString().replace(UNNAMED, "");
    }

    private static List<String> withoutPaths(List<String> files) {
        return files.stream().map(path -> "-").toList();
    }

    private static String settings(TokenizerConfig tokenizer) {
        return tokenizer.type() == TokenizerType.FILE ? "file" : tokenizer.toString();
    }

    private static String classHash(String className) throws IOException {
        try (InputStream in = PreparationKey.class.getResourceAsStream("/" + className.replace('.', '/') + ".class")) {
            return className + " " + (in == null ? "" : Sha256.of(in.readAllBytes()));
        }
    }

    private static List<String> tokenizerFiles(Path directoryOrFile) throws IOException {
        List<String> hashes = new ArrayList<>();
        for (Path file : Tokenizers.files(directoryOrFile)) {
            hashes.add(Files.isRegularFile(file) ? Sha256.of(file) : "");
        }
        return hashes;
    }
}
