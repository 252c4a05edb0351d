"""Module: what every layer and every model is."""

from __future__ import annotations

import inspect
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from autodiff import errors
from autodiff.grad_mode import no_grad
from autodiff.nn import scope
from autodiff.nn.hooks import KINDS, ModuleHandle, call_with_hooks
from autodiff.nn.parameter import Parameter
from autodiff.tensor import Tensor

__all__ = ["Module"]

PARTS = {"_parameters": "a Parameter", "_buffers": "a Tensor", "_modules": "a Module"}
"""The kinds of parts a module registers: where they are kept, and what each of them is."""


class _ModuleType(type):
    """The type of modules: explains the mistake of calling the class on a tensor."""

    if not TYPE_CHECKING:  # where it would hide the arguments of ``__init__``

        def __call__(cls, *args: Any, **kwargs: Any) -> Any:
            if cls.__module__.startswith("autodiff.nn.") and {"device", "dtype"} & kwargs.keys():
                return cls._made_at(args, kwargs)
            try:
                return super().__call__(*args, **kwargs)
            except TypeError as error:
                if "__init__()" in str(error) and any(isinstance(x, Tensor) for x in args):
                    raise errors.nn.called_the_class(cls.__name__, str(error)) from None
                raise

        def _made_at(cls, args: Any, kwargs: Any) -> Module:
            """A layer whose parameters are on ``device``, or of ``dtype``, from the beginning."""
            place = {name: kwargs.pop(name, None) for name in ("device", "dtype")}
            module = cls(*args, **kwargs)
            if not module.state_dict():
                raise errors.functions.unexpected_argument(cls.__name__, "device or dtype")
            return module.to(**{name: it for name, it in place.items() if it is not None})

    @property
    def __signature__(cls) -> inspect.Signature:
        """The arguments of ``__init__``, for help() and notebooks."""
        return inspect.signature(partial(cls.__init__, None))  # type: ignore[misc]


class Module(metaclass=_ModuleType):
    """Base of layers and models: knows its parameters, its buffers, and the modules inside it.

    A subclass creates its parts in ``__init__``, after ``super().__init__()``, and computes in
    ``forward``. Assigning a `Parameter` or a module to an attribute is what registers it: that is
    how a module knows what it learns.

    >>> import autodiff as ad
    >>> class Double(ad.nn.Module):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.factor = ad.nn.Parameter(ad.tensor(2.0))
    ...
    ...     def forward(self, x):
    ...         return self.factor * x
    >>> model = Double()
    >>> [name for name, _ in model.named_parameters()]
    ['factor']
    >>> model(ad.tensor(3.0))
    tensor(6., grad_fn=<MulBackward0>)
    """

    training: bool

    def __init__(self) -> None:
        for kind in PARTS:
            object.__setattr__(self, kind, {})
        object.__setattr__(self, "training", True)

    def forward(self, *inputs: Any) -> Any:
        """Compute the output. Subclasses override this; call the module itself to run it.

        >>> import autodiff as ad
        >>> class Twice(ad.nn.Module):
        ...     def forward(self, x):
        ...         return 2 * x
        >>> Twice()(ad.tensor(3.0))
        tensor(6.)
        """
        raise NotImplementedError(
            f'Module [{type(self).__name__}] is missing the required "forward" function'
        )

    def __call__(self, *inputs: Any, **named: Any) -> Any:
        hooks = self.__dict__.get("_hooks")
        if hooks is None:
            result = self.forward(*inputs, **named)
        else:
            result = call_with_hooks(self, hooks, inputs, named)
        if scope.noting:
            scope.note_scope(self, inputs, result)
        return result

    # -- hooks --------------------------------------------------------------------------------

    def register_forward_pre_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False
    ) -> ModuleHandle:
        """Call ``hook(module, inputs)`` before ``forward``; what it returns replaces the inputs.

        With ``with_kwargs`` it is called, and answers, with named arguments as well.

        >>> import autodiff as ad
        >>> layer = ad.nn.Identity()
        >>> handle = layer.register_forward_pre_hook(lambda module, inputs: (10 * inputs[0],))
        >>> layer(ad.ones(2))
        tensor([10., 10.])
        """
        return ModuleHandle(self._hooked("pre"), (hook, with_kwargs), prepend)

    def register_forward_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False
    ) -> ModuleHandle:
        """Call ``hook(module, inputs, output)`` after ``forward``; what it returns replaces the
        output.

        >>> import autodiff as ad
        >>> layer = ad.nn.Linear(2, 1)
        >>> handle = layer.register_forward_hook(lambda module, inputs, output: output * 0)
        >>> layer(ad.ones(1, 2)).abs().item()
        0.0
        >>> handle.remove()
        """
        return ModuleHandle(self._hooked("forward"), (hook, with_kwargs), prepend)

    def register_full_backward_pre_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> ModuleHandle:
        """Call ``hook(module, grad_output)`` when gradients arrive at the outputs.

        >>> import autodiff as ad
        >>> layer, x = ad.nn.ReLU(), ad.tensor([-1.0, 1.0], requires_grad=True)
        >>> handle = layer.register_full_backward_pre_hook(lambda module, g: print(g))
        >>> layer(x).sum().backward()
        (tensor([1., 1.]),)
        """
        return ModuleHandle(self._hooked("backward_pre"), hook, prepend)

    def register_full_backward_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> ModuleHandle:
        """Call ``hook(module, grad_input, grad_output)`` when gradients have left the inputs.

        What it returns replaces the gradients of the inputs.

        >>> import autodiff as ad
        >>> layer, x = ad.nn.ReLU(), ad.tensor([-1.0, 1.0], requires_grad=True)
        >>> handle = layer.register_full_backward_hook(lambda module, g_in, g_out: print(g_in))
        >>> layer(x).sum().backward()
        (tensor([0., 1.]),)
        """
        return ModuleHandle(self._hooked("backward"), hook, prepend)

    def _hooked(self, kind: str) -> dict[int, Any]:
        if "_hooks" not in self.__dict__:
            object.__setattr__(self, "_hooks", {kind: {} for kind in KINDS})
        return self.__dict__["_hooks"][kind]

    # -- attributes that are parts ------------------------------------------------------------

    def __setattr__(self, name: str, value: Any) -> None:
        own = _kind_of(value)
        if own is not None:
            parts = self._parts(own)
            for kind in (*PARTS, "__dict__"):
                if kind != own:
                    getattr(self, kind).pop(name, None)
            parts[name] = value
            return
        for kind in PARTS:
            parts = self.__dict__.get(kind, {})
            if name in parts:
                _check_kind(name, value, kind)
                parts[name] = value
                return
        object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        for kind in PARTS:
            parts = self.__dict__.get(kind, {})
            if name in parts:
                return parts[name]
        message = f"'{type(self).__name__}' object has no attribute '{name}'"
        raise AttributeError(message, name=name, obj=self)  # Python suggests a similar name

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(name for kind in PARTS for name in self.__dict__[kind])]

    def __delattr__(self, name: str) -> None:
        for kind in PARTS:
            if name in self.__dict__.get(kind, {}):
                del self.__dict__[kind][name]
                return
        object.__delattr__(self, name)

    def register_parameter(self, name: str, parameter: Parameter | None) -> None:
        """Add a parameter under a name; None reserves the name.

        Raises:
            KeyError: the name is empty, contains a dot, or is taken.
            TypeError: it is not a parameter.

        >>> import autodiff as ad
        >>> layer = ad.nn.Module()
        >>> layer.register_parameter("scale", ad.nn.Parameter(ad.ones(2)))
        >>> layer.scale.requires_grad, list(layer.state_dict())
        (True, ['scale'])
        """
        self._register("_parameters", name, parameter)

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """Add a tensor that belongs to the state and is not learned.

        One that is not ``persistent`` is not part of ``state_dict()``.

        Raises:
            KeyError: the name is empty, contains a dot, or is taken.
            TypeError: it is not a tensor.

        >>> import autodiff as ad
        >>> layer = ad.nn.Module()
        >>> layer.register_buffer("mean", ad.zeros(2))
        >>> layer.mean.requires_grad, list(layer.state_dict())
        (False, ['mean'])
        """
        self._register("_buffers", name, tensor)
        if not persistent:
            passing = self.__dict__.setdefault("_passing_buffers", set())
            passing.add(name)

    def _lasting_buffers(self) -> dict[str, Any]:
        """The buffers that are part of the state."""
        passing = self.__dict__.get("_passing_buffers", ())
        return {name: x for name, x in self._buffers.items() if name not in passing}

    def add_module(self, name: str, module: Module | None) -> None:
        """Add a module under a name.

        Raises:
            KeyError: the name is empty, contains a dot, or is taken.
            TypeError: it is not a module.

        >>> import autodiff as ad
        >>> model = ad.nn.Sequential()
        >>> model.add_module("act", ad.nn.ReLU())
        >>> model.act
        ReLU()
        """
        self._register("_modules", name, module)

    def _register(self, kind: str, name: str, value: Any) -> None:
        parts = self._parts(kind)
        if not name or "." in name:
            raise errors.nn.part_name(name, "a name has at least one letter and no dot")
        if name not in parts and hasattr(self, name):
            raise errors.nn.part_name(name, "an attribute of this name already exists")
        _check_kind(name, value, kind)
        parts[name] = value

    def _parts(self, kind: str) -> dict[str, Any]:
        """The registered parts of one kind.

        Raises:
            AttributeError: ``Module.__init__`` has not run yet.
        """
        if kind not in self.__dict__:
            raise errors.nn.module_not_initialized(type(self).__name__)
        return self.__dict__[kind]

    # -- walking over the parts ---------------------------------------------------------------

    def named_modules(self, prefix: str = "") -> Iterator[tuple[str, Module]]:
        """This module and all modules inside it, with their dotted names, each one once.

        >>> import autodiff as ad
        >>> model = ad.nn.Sequential(ad.nn.Sequential(ad.nn.ReLU()), ad.nn.Tanh())
        >>> [name for name, _ in model.named_modules()]
        ['', '0', '0.0', '1']
        """
        seen: set[int] = set()
        for name, module in self._walk(prefix):
            if id(module) not in seen:
                seen.add(id(module))
                yield name, module

    def _walk(self, prefix: str) -> Iterator[tuple[str, Module]]:
        yield prefix, self
        for name, module in self._modules.items():
            if module is not None:
                yield from module._walk(_join(prefix, name))

    def modules(self) -> Iterator[Module]:
        """This module and all modules inside it.

        >>> import autodiff as ad
        >>> model = ad.nn.Sequential(ad.nn.Sequential(ad.nn.ReLU()), ad.nn.Tanh())
        >>> [type(module).__name__ for module in model.modules()]
        ['Sequential', 'Sequential', 'ReLU', 'Tanh']
        """
        return (module for _, module in self.named_modules())

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The modules directly inside this one, with their names.

        >>> import autodiff as ad
        >>> model = ad.nn.Sequential(ad.nn.Sequential(ad.nn.ReLU()), ad.nn.Tanh())
        >>> [name for name, _ in model.named_children()]
        ['0', '1']
        """
        return ((name, m) for name, m in self._modules.items() if m is not None)

    def children(self) -> Iterator[Module]:
        """The modules directly inside this one.

        >>> import autodiff as ad
        >>> model = ad.nn.Sequential(ad.nn.Sequential(ad.nn.ReLU()), ad.nn.Tanh())
        >>> [type(module).__name__ for module in model.children()]
        ['Sequential', 'Tanh']
        """
        return (module for _, module in self.named_children())

    def named_parameters(
        self, prefix: str = "", recurse: bool = True
    ) -> Iterator[tuple[str, Parameter]]:
        """All parameters with their dotted names, each one once.

        >>> import autodiff as ad
        >>> model = ad.nn.Sequential(ad.nn.Linear(3, 2), ad.nn.ReLU())
        >>> [(name, tuple(p.shape)) for name, p in model.named_parameters()]
        [('0.weight', (2, 3)), ('0.bias', (2,))]
        """
        return self._named("_parameters", prefix, recurse)

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """All parameters, each one once: what an optimizer wants.

        >>> import autodiff as ad
        >>> sum(p.numel() for p in ad.nn.Linear(3, 2).parameters())  # 3 * 2 + 2
        8
        """
        return (parameter for _, parameter in self.named_parameters(recurse=recurse))

    def named_buffers(self, prefix: str = "", recurse: bool = True) -> Iterator[tuple[str, Tensor]]:
        """All buffers with their dotted names.

        >>> import autodiff as ad
        >>> [name for name, _ in ad.nn.BatchNorm1d(2).named_buffers()]
        ['running_mean', 'running_var', 'num_batches_tracked']
        """
        return self._named("_buffers", prefix, recurse)

    def buffers(self, recurse: bool = True) -> Iterator[Tensor]:
        """All buffers.

        >>> import autodiff as ad
        >>> [buffer.tolist() for buffer in ad.nn.BatchNorm1d(2).buffers()]
        [[0.0, 0.0], [1.0, 1.0], 0]
        """
        return (buffer for _, buffer in self.named_buffers(recurse=recurse))

    def _named(self, kind: str, prefix: str, recurse: bool) -> Iterator[tuple[str, Any]]:
        seen: set[int] = set()
        modules = self.named_modules(prefix) if recurse else [(prefix, self)]
        for path, module in modules:
            for name, tensor in getattr(module, kind).items():
                if tensor is not None and id(tensor) not in seen:
                    seen.add(id(tensor))
                    yield _join(path, name), tensor

    def get_submodule(self, target: str) -> Module:
        """The module with a dotted name.

        Raises:
            AttributeError: there is none.

        >>> import autodiff as ad
        >>> model = ad.nn.Sequential(ad.nn.Sequential(ad.nn.ReLU()))
        >>> model.get_submodule("0.0")
        ReLU()
        """
        module: Any = self
        for name in filter(None, target.split(".")):
            if name not in module._modules:
                raise AttributeError(f"{type(module).__name__} has no attribute `{name}`")
            module = module._modules[name]
        return module

    def get_parameter(self, target: str) -> Parameter:
        """The parameter with a dotted name.

        Raises:
            AttributeError: there is none.

        >>> import autodiff as ad
        >>> model = ad.nn.Sequential(ad.nn.Linear(3, 2))
        >>> model.get_parameter("0.weight").shape
        autodiff.Size([2, 3])
        """
        path, _, name = target.rpartition(".")
        module = self.get_submodule(path)
        if name not in module._parameters:
            raise AttributeError(f"{type(module).__name__} has no attribute `{name}`")
        return module._parameters[name]

    def apply(self, function: Callable[[Module], None]) -> Module:
        """Call ``function`` on every module inside, then on this one.

        >>> import autodiff as ad
        >>> model = ad.nn.Sequential(ad.nn.ReLU(), ad.nn.Tanh())
        >>> _ = model.apply(lambda module: print(type(module).__name__))
        ReLU
        Tanh
        Sequential
        """
        for child in self.children():
            child.apply(function)
        function(self)
        return self

    # -- state --------------------------------------------------------------------------------

    def state_dict(self, *, prefix: str = "") -> OrderedDict[str, Tensor]:
        """All parameters and buffers by name, detached: they share memory with the module.

        >>> import autodiff as ad
        >>> list(ad.nn.Sequential(ad.nn.Linear(3, 2)).state_dict())
        ['0.weight', '0.bias']
        """
        return OrderedDict(
            (_join(path, name), tensor.detach())
            for path, module in self._walk(prefix.removesuffix("."))
            for name, tensor in (module._parameters | module._lasting_buffers()).items()
            if tensor is not None
        )

    def load_state_dict(self, state: Mapping[str, Tensor], strict: bool = True) -> _LoadResult:
        """Copy the tensors of ``state`` into the parameters and buffers of the same names.

        Nothing is copied unless everything fits.

        Raises:
            TypeError: ``state`` is no dict.
            RuntimeError: a shape differs or, when ``strict``, a name is missing or unexpected.

        >>> import autodiff as ad
        >>> a, b = ad.nn.Linear(3, 2), ad.nn.Linear(3, 2)
        >>> _ = b.load_state_dict(a.state_dict())
        >>> ad.equal(a.weight, b.weight)
        True
        """
        if not isinstance(state, Mapping):
            raise errors.nn.state_not_a_dict(type(state).__name__)
        own = self.state_dict()
        missing = [name for name in own if name not in state]
        unexpected = [name for name in state if name not in own]
        shapes = [
            (name, tuple(state[name].shape), tuple(own[name].shape))
            for name in own
            if name in state and state[name].shape != own[name].shape
        ]
        if shapes or (strict and (missing or unexpected)):
            raise errors.nn.state_dict_mismatch(type(self).__name__, missing, unexpected, shapes)
        with no_grad():
            for name, tensor in own.items():
                if name in state:
                    tensor.copy_(state[name])
        return _LoadResult(missing, unexpected)

    # -- all parts at once --------------------------------------------------------------------

    def train(self, mode: bool = True) -> Module:
        """Behave as in training (dropout drops); ``train(False)`` is `eval`.

        >>> import autodiff as ad
        >>> model = ad.nn.Sequential(ad.nn.Dropout())
        >>> model.eval()[0].training, model.train()[0].training
        (False, True)
        """
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Module:
        """Behave as in use: dropout does nothing. Gradients are still recorded.

        >>> import autodiff as ad
        >>> model = ad.nn.Dropout()
        >>> model.eval()(ad.ones(2))
        tensor([1., 1.])
        """
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True) -> Module:
        """Ask for (or stop asking for) gradients of all parameters.

        >>> import autodiff as ad
        >>> model = ad.nn.Linear(3, 2).requires_grad_(False)  # frozen
        >>> model(ad.ones(1, 3)).requires_grad
        False
        """
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or set them to zero.

        >>> import autodiff as ad
        >>> model = ad.nn.Linear(3, 2)
        >>> model(ad.ones(1, 3)).sum().backward()
        >>> model.zero_grad()
        >>> model.weight.grad is None
        True
        """
        for parameter in self.parameters():
            if set_to_none:
                parameter.grad = None
            elif parameter.grad is not None:
                parameter.grad.zero_()

    def to(self, *target: Any, **named: Any) -> Module:
        """Move all parameters and buffers to a device, and convert those that hold floats.

        >>> import autodiff as ad
        >>> ad.nn.Linear(3, 2).to(ad.float64).weight.dtype
        autodiff.float64
        """
        for module in self.modules():
            for tensor in (*module._parameters.values(), *module._buffers.values()):
                if tensor is not None:
                    _convert(tensor, target, named)
        return self

    def double(self) -> Module:
        """Convert all floating-point parameters and buffers to float64.

        >>> import autodiff as ad
        >>> ad.nn.Linear(3, 2).double().weight.dtype
        autodiff.float64
        """
        from autodiff.dtypes import float64

        return self.to(float64)

    def float(self) -> Module:
        """Convert all floating-point parameters and buffers to float32.

        >>> import autodiff as ad
        >>> ad.nn.Linear(3, 2).double().float().weight.dtype
        autodiff.float32
        """
        from autodiff.dtypes import float32

        return self.to(float32)

    def half(self) -> Module:
        """Convert all floating-point parameters and buffers to float16.

        >>> import autodiff as ad
        >>> ad.nn.Linear(3, 2).half().weight.dtype
        autodiff.float16
        """
        from autodiff.dtypes import float16

        return self.to(float16)

    def cpu(self) -> Module:
        """Move to the CPU.

        >>> import autodiff as ad
        >>> ad.nn.Linear(3, 2).cpu().weight.device
        device(type='cpu')
        """
        return self.to("cpu")

    def cuda(self, device: Any = None) -> Module:
        """Move to a GPU.

        Raises:
            AssertionError: there is none.
        """
        return self.to("cuda" if device is None else device)

    def type(self, dst_type: Any) -> Module:
        """Convert all floating-point parameters and buffers to a dtype."""
        return self.to(dst_type)

    # -- text ---------------------------------------------------------------------------------

    def extra_repr(self) -> str:
        """What stands between the parentheses in the repr, beside the children."""
        return ""

    def __repr__(self) -> str:
        extra = self.extra_repr()
        children = self._shown_children()
        if not children:
            return f"{type(self).__name__}({extra})"
        lines = ([extra] if extra else []) + children
        return f"{type(self).__name__}(\n  " + "\n  ".join(lines) + "\n)"

    def _shown_children(self) -> list[str]:
        return [f"({name}): {_indented(repr(m))}" for name, m in self.named_children()]


class _LoadResult(NamedTuple):
    """The names that `load_state_dict` missed and did not expect."""

    missing_keys: list[str]
    unexpected_keys: list[str]

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return (
            f"IncompatibleKeys(missing_keys={self.missing_keys}, "
            f"unexpected_keys={self.unexpected_keys})"
        )


def _kind_of(value: Any) -> str | None:
    if isinstance(value, Parameter):
        return "_parameters"
    return "_modules" if isinstance(value, Module) else None


def _check_kind(name: str, value: Any, kind: str) -> None:
    wanted = {"_parameters": Parameter, "_buffers": Tensor, "_modules": Module}[kind]
    if value is not None and not isinstance(value, wanted):
        raise errors.nn.not_a_part(name, value, PARTS[kind])


def _join(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name


def _indented(text: str) -> str:
    return text.replace("\n", "\n  ")


def _convert(tensor: Any, target: tuple[Any, ...], named: dict[str, Any]) -> None:
    """`Tensor.to` for a tensor that stays the same object, with its gradient."""
    converted = tensor.detach().to(*target, **named)
    if not tensor.is_floating_point():
        converted = tensor.detach().to(converted.device)
    tensor.value = converted.value
    if tensor.grad is not None:
        _convert(tensor.grad, target, named)
