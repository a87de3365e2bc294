package io.softq4j.cli;

import io.softq4j.workflow.Merge;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code softq merge}. */
@Command(name = "merge", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Writes an adapter and the model it belongs to as one model.",
        description = "%nAn adapter is what softq train leaves with tuning.use_peft=true, or what PEFT has saved: adapter_config.json and "
                + "adapter_model.safetensors. Its model is where base_model_name_or_path says. The merged model computes the same and needs neither: "
                + "W + (lora_alpha / r) B A stands in the place of each adapted W.%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  # a model in Hugging Face's layout",
            "  softq merge runs/lora --out merged",
            "  softq merge runs/lora --out merged --dtype bfloat16"
        })
final class MergeCommand implements Callable<Integer>, Computes {

    @Parameters(index = "0", paramLabel = "ADAPTER", description = "Run directory, checkpoint or directory of an adapter.")
    private Path adapter;

    @Option(names = {"-o", "--out"}, required = true, paramLabel = "DIR", description = "Where to; new or empty.")
    private Path out;

    @Mixin
    private WeightOptions weights;

    @Mixin
    private OutputOptions replacing;

    @Mixin
    private JsonResults results;

    @Spec
    private CommandSpec spec;

    private MergeCommand() {
    }

    @Override
    public Integer call() {
        Merge.run(adapter, replacing.output(out), weights.dtype(), weights.maxShardBytes());
        results.put("model", out);
        spec.commandLine().getOut().printf(Locale.ROOT, "model in %s%n", out);
        return 0;
    }
}
