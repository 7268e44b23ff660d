"""What families.py runs a model on: the named arguments of a forward pass, by a row's workload."""

from inspect import signature

import torch

SAMPLES = 16000


def first(config, *names):
    return next((getattr(config, name) for name in names if getattr(config, name, None) is not None), None)


def ids(count, device):
    return torch.zeros(1, count, dtype=torch.long, device=device)


def inputs_of(model, row, device):
    """Named arguments of a forward pass."""
    config = model.config
    tokens = row.get("tokens", 64)
    main = model.main_input_name
    vision = first(config, "vision_config")
    given = {}
    if is_composed(model):
        return with_images(model, ids(tokens, device), row)
    if main == "pixel_values" or (vision is not None and row.get("image")):
        size = row.get("imageSize") or first(vision or config, "image_size") or 224
        height, width = size if isinstance(size, (list, tuple)) else (size, size)
        channels = first(vision or config, "num_channels") or 3
        given["pixel_values"] = torch.zeros(1, channels, height, width, device=device)
    if main == "input_features":
        given[main] = torch.zeros(1, config.num_mel_bins, 2 * config.max_source_positions, device=device)
    if main == "input_values":
        given[main] = torch.zeros(1, row.get("samples", SAMPLES), device=device)
    if row.get("sourceTokens"):
        given["encoder_hidden_states"] = torch.zeros(1, row["sourceTokens"], config.hidden_size, device=device)
    if main == "input_ids" or first(config, "text_config") is not None:
        given["input_ids"] = ids(tokens, device)
    if config.is_encoder_decoder and main in {"input_ids", "input_features"}:
        if "decoder_input_ids" in signature(model.forward).parameters:
            given["decoder_input_ids"] = ids(tokens, device)
    return given


def is_composed(model):
    """Whether it puts features of images in place of tokens."""
    return hasattr(model.base_model, "get_placeholder_mask")


def with_images(model, tokens, row):
    """`tokens`, the first of which stand for the row's images, as many as the tower makes of them."""
    images = row.get("images", 0)
    if not images:
        return {"input_ids": tokens}
    pictures = pictures_of(model, images, row, tokens.device)
    with torch.no_grad():
        features = model.base_model.get_image_features(**pictures)
    made = getattr(features, "pooler_output", features)
    made = list(made) if isinstance(made, (list, tuple)) else [made]
    each = sum(part.numel() // part.shape[-1] for part in made) // images
    if each * images > tokens.shape[1]:
        raise ValueError(f"{each * images} positions of images among {tokens.shape[1]} tokens")
    # A word between two images, where there is room: some classes tell them apart by it.
    step = each + ((each + 1) * images <= tokens.shape[1] + 1)
    for i in range(images):
        tokens[:, i * step : i * step + each] = model.config.image_token_id
    kinds = {}
    if "mm_token_type_ids" in signature(model.forward).parameters:
        kinds["mm_token_type_ids"] = (tokens == model.config.image_token_id).int()
    return {"input_ids": tokens, **pictures, **kinds}


def pictures_of(model, images, row, device):
    """Named arguments that hold the images: planes, or rows of patches beside the sizes of their grids."""
    vision = model.config.vision_config
    size = row.get("imageSize") or first(vision, "image_size")
    height, width = size if isinstance(size, (list, tuple)) else (size, size)
    channels = first(vision, "num_channels", "in_channels") or 3
    if model.config.model_type == "gemma4":
        side = vision.patch_size
        grid = torch.cartesian_prod(torch.arange(height // side), torch.arange(width // side)).flip(-1).to(device)
        return {
            "pixel_values": torch.zeros(images, len(grid), channels * side**2, device=device),
            "image_position_ids": grid.expand(images, -1, -1),
        }
    if "image_grid_thw" not in signature(model.base_model.get_image_features).parameters:
        given = {"pixel_values": torch.zeros(images, channels, height, width, device=device)}
        if model.config.model_type == "mistral3":
            given["image_sizes"] = torch.tensor([[height, width]] * images, device=device)
        return given
    patch = vision.patch_size
    merge = first(vision, "spatial_merge_size") or vision.merge_kernel_size[0]
    if height % (patch * merge) or width % (patch * merge):
        raise ValueError(f"an image of {height} by {width} does not divide into merged patches")
    grid = [1, height // patch, width // patch]
    frames = first(vision, "temporal_patch_size")
    patches = images * grid[1] * grid[2]
    # Patches in one row of values each, or as planes where there is no second frame.
    shape = (patches, channels, patch, patch) if frames is None else (patches, channels * frames * patch**2)
    return {
        "pixel_values": torch.zeros(*shape, device=device),
        "image_grid_thw": torch.tensor([grid] * images, device=device),
    }


def masked(model, given):
    """The same with masks of ones: without them some decoders look at the positions' values for packed sequences."""
    pairs = (("input_ids", "attention_mask"), ("decoder_input_ids", "decoder_attention_mask"))
    known = signature(model.forward).parameters
    return {**given, **{mask: torch.ones_like(given[of]) for of, mask in pairs if of in given and mask in known}}
