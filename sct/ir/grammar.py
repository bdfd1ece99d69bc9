"""The core language: the small subset of Python that every pass between frontend and emit reads and writes.

A core program is one gast ``FunctionDef``. It is an ordinary Python function: it can be printed, run and compared with the
stage before it.

    function := def NAME(params): stmt* ; the last statement is the only `return`
    params   := NAME [= constant default]                 no *args, **kwargs, annotations or decorators
    stmt     := NAME = rhs
              | NAME = reserve(NAME, atom)                the same array with room for more (see below)
              | (NAME, NAME, ...) = call                  a helper that returns a tuple
              | (NAME, ...) = (NAME, ...)                 a permutation of array names, last in a loop body
              | NAME[index] = atom                        element store; slice store before lowering
              | NAME[index] += atom                       accumulation, the only augmented assignment (of np.add.at, too)
              | call                                      a helper called for what it does to its arrays
              | print(atoms) | np.random.seed(atom)       once, like every draw
              | if NAME: stmt* [else: stmt*]
              | for NAME in range(tree [, tree [, tree]]): stmt*
              | while tree: stmt*
              | break                                     only in tail position of a loop body (see below)
              | raise NAME | raise NAME(constant, ...)    last in its block
              | return atom | return (atom, ...) | return    once, last in the function
              | pass
    rhs      := atom
              | unary atom | atom binary atom             arithmetic in three-address form
              | call
              | NAME[index]                               element load, or view if the result is an array
              | NAME.T | NAME.shape                       np.reshape and np.transpose are views, too
              | test                                      comparisons, and/or/not: a pure tree that may load elements
    call     := math.f(atoms) | np.f(atoms) | builtin(atoms) | HELPER(atoms) | np allocation(shape[, dtype | NAME.dtype])
              | np.reshape(NAME, shape) | np.transpose(NAME, shape) | np.array(shape), ...   np functions that take tuples
              | np.random.f(atoms)                        a draw of one number
    shape    := tree | (shape, ...) | NAME.shape | shape + shape                           no `+` of shapes after lowering
    atom     := NAME | constant | -constant
    index    := tree | slice of trees | None | ... | tuple of those                       no `...` and no arrays after lowering
    tree     := atom | tree binary tree | unary tree | len(NAME) | len(range(trees)) | NAME.shape[constant] | NAME.size | NAME.ndim
              | pure builtin(trees)
    test     := tree | tree compare tree | test and/or test | not test, where trees may also load, NAME[index], and call
                functions of math and np

Trees are pure: no helper calls; outside a `test` no element loads (those are named first).

For example, `for v in x: s = s + v * v` becomes

    for k in range(len(x)):
        s_1 = s                 # s is carried: read by the copy at the head,
        v = x[k]
        t = v * v
        s_2 = s_1 + t
        s = s_2                 # assigned by the copy at the end

Names (structured SSA). Every name is assigned once in the text, except
  * a *merge*: assigned as the last thing in each arm of an `if` that falls through, read only after that `if`;
  * a *carried variable* `c` of a loop: assigned before the loop by a copy `c = start`, read by the copy `h = c` at the head
    of the loop's body (the first statements of the body) and by the copy `a = c` right after the loop, assigned by copies
    `c = next` at the end of the body. Nothing else reads or writes it. A body that breaks assigns it at the end of every
    leaf arm instead, before the `break`;
  * `UNDEFINED` marks the start of a merge or carried variable that Python would find unbound on that path.
The index of a `for` loop is assigned by the loop alone and read only inside it. Parameters are never reassigned. Reading
a once-assigned name is legal only where its assignment dominates.

Arrays that grow. A call that binds a name which it takes, `c = reserve(c, n)` or `(z, c, k) = helper(c, k)`, defines nothing:
`c` is the same array before and after, with its content, at a size that is not known. From lowering on every growth has this
form, nothing asks such an array for its length, and other names for parts of it are not read after it grows.

Tail position: the last statement of a loop body; if that is an `if`, the last statements of its arms, and so on. So an arm that
breaks has everything that would follow it in the other arm. `continue` and early `return` have become branches and breaks.
A `for` loop that breaks carries the index of the iteration it ran last, a `while` loop that the reverse sweep must
replay carries its trip count: both are ordinary carried variables, made by the frontend.

Modules are always named `math` and `np`. Helpers, global scalars and global arrays keep their user names and are listed
in `Program`.
"""
