// Names of fields that change no size, of whatever family: what training, generation and the serving code read. A field
// that is not here, and that a family does not read, is refused, for it may be a size.
const names = new Set(
  (
    "_name_or_path transformers_version transformers.js_config auto_map custom_pipelines torchscript use_cache " +
    "use_bfloat16 attn_implementation attention_type is_decoder is_encoder_decoder " +
    "model_type architectures torch_dtype dtype return_dict output_attentions output_hidden_states " +
    "output_router_logits problem_type finetuning_task task_specific_params id2label label2id num_labels prefix " +
    "tokenizer_class processor_class sep_token bos_token eos_token chunk_size_feed_forward pruned_heads " +
    "cross_attention_hidden_size return_dict_in_generate remove_invalid_values " +
    "do_sample early_stopping temperature top_k top_p typical_p repetition_penalty length_penalty num_beams " +
    "num_beam_groups num_return_sequences diversity_penalty min_length max_length max_new_tokens " +
    "no_repeat_ngram_size encoder_no_repeat_ngram_size bad_words_ids suppress_tokens begin_suppress_tokens " +
    "exponential_decay_length_penalty output_scores generation_config " +
    "initializer_range initializer_factor init_std init_device init_method mup_enabled layerdrop " +
    "gradient_checkpointing " +
    "use_gradient_checkpointing pretraining_tp tp_size ep_size model_parallel fused_kernels use_flash_attn " +
    "use_flash_attention flash_attention fp32_lm_head onnx_safe seq_length max_seq_len max_sequence_length " +
    "model_max_length max_position_embeddings original_max_position_embeddings n_ctx n_positions " +
    "rope_theta rope_local_base_freq rope_scaling rope_parameters rope_type rope_interleave rope_interleaved " +
    "rope_ratio rotary_emb_base rotary_base rope_base use_rope_scaling no_rope_layers no_rope_layer_interval " +
    "partial_rotary_factor rotary_pct sliding_window sliding_window_size sliding_window_pattern max_window_layers " +
    "use_sliding_window attention_window attention_multiplier embedding_multiplier residual_multiplier " +
    "logits_scaling logit_scale scale_emb scale_depth dim_model_base query_pre_attn_scalar softmax_scale " +
    "scale_attn_weights scale_attn_by_inverse_layer_idx reorder_and_upcast_attn attention_softmax_in_fp32 " +
    "scale_attention_softmax_in_fp32 attn_temperature_tuning floor_scale attn_scale clip_qkv " +
    "hidden_act hidden_activation use_bidirectional_attention final_logit_softcapping attn_logit_softcapping " +
    "n_group topk_group num_expert_group topk_method scoring_func score_function seq_aux norm_topk_prob " +
    "routed_scaling_factor router_scaling_factor moe_routed_scaling_factor num_nextn_predict_layers num_mtp_layers " +
    "router_aux_loss_coef router_z_loss_coef router_jitter_noise input_jitter_noise aux_loss_alpha moe_norm_min " +
    "n_group_experts use_grouped_topk expert_capacity moe_capacity attention_probs_dropout_prob hidden_dropout_prob " +
    "swiglu_alpha swiglu_limit summary_type summary_use_proj summary_activation summary_proj_to_labels " +
    "apply_residual_connection_post_layernorm slow_but_exact quantization_config unsloth_version unsloth_fixed " +
    "is_llama_config cache_implementation num_image_tokens activation_function initial_context_length rotary " +
    "predict_special_tokens n_special neftune_noise_alpha use_logn_attn use_dynamic_ntk fp16 bf16 fp32 seq_len " +
    "use_bias_dropout_fusion bias_dropout_fusion masked_softmax_fusion offset_alibi skip_bias_add skip_bias_add_qkv " +
    "inference_runner pre_allocate_kv_cache runner_max_sequence_length validate_runner_input verbose init_config " +
    "mtp_transformer_layers num_mtp_modules use_mtp moe_capacity moe_gate moe_use_aux_free for_llm_compressor " +
    "drop_path_rate encoder_layerdrop decoder_layerdrop forced_decoder_ids alignment_heads logit_scale_init_value " +
    "initializer_cutoff_factor residual_in_fp32 rescale_prenorm_residual use_associative_scan use_mamba_kernels " +
    "use_mambapy mamba_ssm_dtype mamba_ssm_cache_dtype num_logits_to_keep calc_logits_for_entire_prompt " +
    "mtp_num_hidden_layers mtp_use_dedicated_embeddings z_loss_coefficient sentence_transformers adapters " +
    "output_past " +
    "rotary_scaling_factor interpolate_factor max_batch_size language library_name license base_model_name_or_path"
  ).split(" "),
);

/** Steps of a scan, and what training masks. */
const trained = /^(time_step_(min|max|floor|limit|scale|init_scheme)|mask_(time|feature|channel)_\w+|ctc_\w+)$/;
/** Tokens' numbers, rates of dropout, small constants of norms. */
const kinds =
  /(_ignore_index|_token_ids?|_token_(index|map)|dropout\w*|pdrop|_drop|_eps|epsilon|_loss_coef|_loss_weight|_std)$/;

/** Whether a field called `name` changes no size of any family. */
export const isHarmless = (name: string): boolean =>
  names.has(name) || kinds.test(name) || trained.test(name) || name.startsWith("_attn_") || name === "_commit_hash";
