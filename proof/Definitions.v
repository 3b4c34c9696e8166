(* Networks as a textbook defines them, over the integers: attention with heads,
   perceptrons, gated units, cells and samplers. Nothing here knows of circuits or programs. *)
From Coq Require Import List ZArith Arith.
From TC0 Require Import Integers.
Import ListNotations.
Open Scope Z_scope.

(* ---- rounding ---- *)

(* y / unit, rounded to the nearest integer, halves up, and clipped to lo .. lo + levels. *)
Definition round_to (unit lo : Z) (levels : nat) (y : Z) : Z :=
  clip lo (lo + Z.of_nat levels) ((2 * y + unit) / (2 * unit)).

(* ---- attention ---- *)

(* The integer of position i, feature k of d among the input bits x, p bits for each. *)
Definition decode (d p : nat) (x : nat -> bool) (i k : nat) : Z := twos p x ((i * d + k) * p).

(* Attention of n positions with d features, in heads of e features each. The staircase is the
   exponential, 1 in the output is unit in the values, and masked says whether there is a causal
   mask. *)
Section Attention.
  Variables (d e : nat).
  Variables (WQ WK WV : list (list Z)).
  Variables (base : Z) (jumps : list (Z * Z)) (unit lo : Z) (levels : nat).
  Variables (masked : bool).
  Variables (n : nat) (x : nat -> nat -> Z).

  (* Feature o of W applied to position i. *)
  Definition project (W : list (list Z)) (i o : nat) : Z :=
    bigsum d (fun k => nth k (nth o W []) 0 * x i k).

  (* The scalar product of the query of position i and the key of position j, in head h. *)
  Definition score (h i j : nat) : Z :=
    bigsum e (fun k => project WQ i (e * h + k) * project WK j (e * h + k)).

  (* The weight that head h gives at position i to position j. *)
  Definition weight (h i j : nat) : Z := stair base jumps (score h i j).

  (* Feature f of the output at position i, if head h gives the weight w h i j to position j: the
     weighted mean of the values in its head, in units, that is num / den, rounded. *)
  Definition average (w : nat -> nat -> nat -> Z) (i f : nat) : Z :=
    let h := (f / e)%nat in
    let num := bigsum n (fun j => w h i j * project WV j f) in
    let den := unit * bigsum n (fun j => w h i j) in
    round_to den lo levels num.

  (* Softmax attention. *)
  Definition attend (i f : nat) : Z := average weight i f.

  (* The weight with a causal mask: a position attends to itself and those before it. *)
  Definition causal_weight (h i j : nat) : Z := if (j <=? i)%nat then weight h i j else 0.

  (* Softmax attention with a causal mask. *)
  Definition attend_causal (i f : nat) : Z := average causal_weight i f.

  (* How many positions, from the first on, position i attends to: all, or with a causal mask itself
     and those before it. *)
  Definition seen (i : nat) : nat := if masked then S i else n.

  (* The weight of stable softmax: the greatest score of those that i attends to is subtracted
     before the exponential. With the staircase that is 1 from 0 on and 0 below, the weight of
     average-hard attention: 1 for the greatest scores. *)
  Definition stable_weight (h i j : nat) : Z :=
    if (j <? seen i)%nat then stair base jumps (score h i j - greatest (seen i) (score h i)) else 0.

  (* Attention by stable softmax, and average-hard attention. *)
  Definition attend_stable (i f : nat) : Z := average stable_weight i f.

  (* Unique-hard attention: the value of the leftmost position of those with the greatest score. *)
  Definition attend_hard (i f : nat) : Z :=
    project WV (leftmost (seen i) (score (f / e) i)) f.
End Attention.

(* The rows of keys or values of d features, if each head of e rows of W serves g heads of queries,
   one after another. *)
Definition serving (d e g : nat) (W : list (list Z)) : list (list Z) :=
  map (fun o => nth (e * (o / e / g) + o mod e) W []) (seq 0 d).

(* Positions to which codes are added. *)
Definition with_codes (codes : nat -> nat -> Z) (x : nat -> nat -> Z) (i k : nat) : Z :=
  x i k + codes i k.

(* ---- the perceptron ---- *)

(* The natural number of feature k among the input bits x, p bits for each. *)
Definition decode_vector (p : nat) (x : nat -> bool) (k : nat) : Z := unsigned p x (k * p).

(* A layer: how many units it has, and for unit o the weight of each number that it reads, its bias,
   and its activation. *)
Record layer := mkLayer {
  l_units : nat;
  l_weight : nat -> nat -> Z;
  l_bias : nat -> Z;
  l_activation : nat -> Z -> Z }.

(* What the units of a layer make of the numbers x. *)
Definition fire (l : layer) (x : list Z) : list Z :=
  map (fun o => l_activation l o
    (l_bias l o + bigsum (length x) (fun k => l_weight l o k * nth k x 0))) (seq 0 (l_units l)).

(* A perceptron: layers one after another, each of which reads what the one before it makes. *)
Fixpoint perceive (layers : list layer) (x : list Z) : list Z :=
  match layers with [] => x | l :: r => perceive r (fire l x) end.

(* ---- numbers that are not natural ---- *)

(* The integer of feature k among the input bits from bit o on, p bits for each. *)
Definition decode_from (o p : nat) (x : nat -> bool) (k : nat) : Z := twos p x (o + k * p).

(* ---- the gated linear unit ---- *)

(* Output o of a gated linear unit of n inputs: the activation of one linear map times another one,
   rounded to units and clipped to lo .. lo + levels. *)
Definition gated (n : nat) (G W : nat -> nat -> Z) (activation : Z -> Z) (unit lo : Z)
    (levels : nat) (x : nat -> Z) (o : nat) : Z :=
  round_to unit lo levels
    (activation (bigsum n (fun k => G o k * x k)) * bigsum n (fun k => W o k * x k)).

(* ---- the cell of a recurrent network ---- *)

(* Feature o of the next state of an Elman network, from m inputs x and a state s of h features. The
   staircase is the hyperbolic tangent. *)
Definition elman (m h : nat) (W U : list (list Z)) (bias : list Z) (base : Z)
    (jumps : list (Z * Z)) (x s : nat -> Z) (o : nat) : Z :=
  stair base jumps (nth o bias 0 + bigsum m (fun k => nth k (nth o W []) 0 * x k) +
    bigsum h (fun k => nth k (nth o U []) 0 * s k)).

(* ---- the sampler of a diffusion model ---- *)

(* A step of a sampler: a perceptron of some hidden units, whose sums times a gain are rounded to
   units and clipped to 0 .. top; and the weights of the numbers, of what the perceptron makes of
   them, and of the noise, in a sum that is rounded to units and clipped to lo .. lo + levels. *)
Record denoising := mkDenoising {
  n_hidden : nat;
  n_weight1 : nat -> nat -> Z;
  n_bias1 : nat -> Z;
  n_gain : Z;
  n_unit1 : Z;
  n_top : nat;
  n_weight2 : nat -> nat -> Z;
  n_bias2 : nat -> Z;
  n_keep : Z;
  n_pull : Z;
  n_spread : Z;
  n_unit : Z;
  n_lo : Z;
  n_levels : nat }.

(* What the perceptron makes of n numbers x. *)
Definition estimate (s : denoising) (n : nat) (x : nat -> Z) (f : nat) : Z :=
  n_bias2 s f + bigsum (n_hidden s) (fun o => n_weight2 s f o *
    round_to (n_unit1 s) 0 (n_top s)
      (n_gain s * (n_bias1 s o + bigsum n (fun k => n_weight1 s o k * x k)))).

(* What a step makes of n numbers and as much noise. *)
Definition denoise (s : denoising) (n : nat) (x noise : nat -> Z) (f : nat) : Z :=
  round_to (n_unit s) (n_lo s) (n_levels s)
    (n_keep s * x f + n_pull s * estimate s n x f + n_spread s * noise f).

(* Steps one after another, each with noise of its own. *)
Fixpoint sample (n : nat) (steps : list denoising) (x : nat -> Z) (noise : nat -> nat -> Z)
    : nat -> Z :=
  match steps with
  | [] => x
  | s :: r => sample n r (denoise s n x (noise 0%nat)) (fun t => noise (S t))
  end.
