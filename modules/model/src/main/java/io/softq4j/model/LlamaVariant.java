package io.softq4j.model;

/**
 * The models that are Llama but for details: what {@code model_type} and {@code architectures} call them, and what distinguishes them.
 */
public enum LlamaVariant {

    /** Touvron et al. 2023 (arXiv 2302.13971); grouped queries since arXiv 2307.09288. */
    LLAMA("llama", "LlamaForCausalLM", "Llama 1 to 3.2, SmolLM, TinyLlama", "arXiv 2302.13971", false, false),

    /** Jiang et al. 2023 (arXiv 2310.06825), with attention over the whole context. */
    MISTRAL("mistral", "MistralForCausalLM", "Mistral 7B, without sliding window", "arXiv 2310.06825", false, false),

    /** Qwen2 and Qwen2.5 (arXiv 2407.10671, section 2.2): query, key and value have a bias. */
    QWEN2("qwen2", "Qwen2ForCausalLM", "Qwen2, Qwen2.5", "arXiv 2407.10671", true, false),

    /** Qwen3 (arXiv 2505.09388, section 2): each head of query and key is normalised before it is turned. */
    QWEN3("qwen3", "Qwen3ForCausalLM", "Qwen3, dense", "arXiv 2505.09388", false, true);

    private final String modelType;
    private final String architecture;
    private final String covers;
    private final String paper;
    private final boolean qkvBias;
    private final boolean headNorm;

    LlamaVariant(String modelType, String architecture, String covers, String paper, boolean qkvBias, boolean headNorm) {
        this.modelType = modelType;
        this.architecture = architecture;
        this.covers = covers;
        this.paper = paper;
        this.qkvBias = qkvBias;
        this.headNorm = headNorm;
    }

    /** {@code model_type}. */
    public String modelType() {
        return modelType;
    }

    /** Whether the projections to query, key and value have a bias. */
    public boolean qkvBias() {
        return qkvBias;
    }

    /** Whether each head of query and key has a root-mean-square norm. */
    public boolean headNorm() {
        return headNorm;
    }

    String architecture() {
        return architecture;
    }

    /** The published models of this kind, for people to read. */
    String covers() {
        return covers;
    }

    /** Where it is described. */
    String paper() {
        return paper;
    }
}
