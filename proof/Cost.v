(* A second reading of programs, which bounds wires and weights for every n at once: the number of
   wires, the wires into a gate, those into a threshold gate, and the sum of its weights. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Gates Arith Index Program Analysis.
Import ListNotations.
Open Scope nat_scope.

(* ---- counts that bound others ---- *)

(* The greater coefficients of two counts: a bound on both. *)
Fixpoint nmax (p q : npoly) : npoly :=
  match p, q with [], q => q | p, [] => p | a :: p, b :: q => N.max a b :: nmax p q end.

(* The absolute value of an integer. *)
Definition nabs (z : Z) : npoly := [Z.abs_N z].

(* The sum of the absolute values of integers. *)
Definition nsizes (l : list Z) : npoly := [fold_right (fun z s => (Z.abs_N z + s)%N) 0%N l].

(* ---- what is known of weights and gates ---- *)

(* How large the coefficients of an operation are, for every n: the weights, and the constants and
   thresholds. *)
Record mag := mkMag { m_weight : npoly; m_constant : npoly }.

(* Bounds on gates: the wires into any gate, and of threshold gates the wires, the sum of the
   weights, and the threshold. *)
Record bulk := mkBulk { b_fan : npoly; b_thr : npoly; b_weight : npoly; b_at : npoly }.

(* Bounds on a value: the sum of the weights of an element, its constant, and the gates behind its
   literals. *)
Record cost := mkCost { c_sum : npoly; c_const : npoly; c_gate : bulk }.

(* No gate. *)
Definition bulk0 : bulk := mkBulk [] [] [] [].

(* Bounds on both gates. *)
Definition bmax (a b : bulk) : bulk :=
  mkBulk (nmax (b_fan a) (b_fan b)) (nmax (b_thr a) (b_thr b)) (nmax (b_weight a) (b_weight b))
    (nmax (b_at a) (b_at b)).

(* A threshold gate of k wires. *)
Definition bthr (k w t : npoly) : bulk := mkBulk k k w t.

(* An AND of k wires. *)
Definition band (k : npoly) : bulk := mkBulk k [] [] [].

(* A gate that took another literal in: its weight is above what the others can reach. *)
Definition btake (a : bulk) : bulk :=
  mkBulk (nmax (nc 2) (nadd (b_fan a) (nc 1))) (nadd (b_thr a) (nc 1))
    (nadd (nadd (b_weight a) (b_weight a)) (nadd (b_at a) (nc 1)))
    (nadd (b_weight a) (nc 1)).

(* The conjunctions of literals. *)
Definition bconj (m : mode) (a b : bulk) : bulk :=
  match m with MAnd => band (nc 2) | MLeft => btake a | MRight => btake b end.

(* What is known of a value that is not there. *)
Definition cnone : cost := mkCost [] [] bulk0.

(* What is known of the input. *)
Definition cost0 (a : input) : cost :=
  mkCost (nsizes (map (in_place a) (seq 0 (in_bits a)))) (nabs (in_base a)) bulk0.

(* ---- one operation ---- *)

(* The greatest level of a quotient that stands before a denominator. *)
Definition topmost (lo : Z) (m : nat) : npoly :=
  [N.max (Z.abs_N (lo + 1)) (Z.abs_N (lo + Z.of_nat m))].

(* The comparisons of a maximum. *)
Definition bcomp (k : npoly) (c : cost) (t : npoly) : bulk :=
  bthr (nadd k k) (nadd (c_sum c) (c_sum c)) (nadd t (nadd (c_const c) (c_const c))).

(* Bounds on the gates that an operation adds. *)
Definition bulk1 (senv : list st) (env : list cost) (o : op) (m : mag) : bulk :=
  let gs k := nth k senv snone in
  let gc k := nth k env cnone in
  match o with
  | OSum _ _ _ _ _ _ | OAdd _ _ => bulk0
  | OStep _ _ a =>
    bthr (s_nt (gs a)) (c_sum (gc a)) (nadd (m_constant m) (c_const (gc a)))
  | OCon _ _ _ _ a b => bconj (cmode (gs a) (gs b)) (c_gate (gc a)) (c_gate (gc b))
  | OQuo lo k _ a b =>
    let q := topmost lo k in
    bthr (nadd (s_nt (gs a)) (s_nt (gs b))) (nadd (c_sum (gc a)) (nmul q (c_sum (gc b))))
      (nadd (c_const (gc a)) (nmul q (c_const (gc b))))
  | OMax _ _ ssh _ a => bmax (bcomp (s_nt (gs a)) (gc a) (m_constant m)) (band (nprod ssh))
  end.

(* What is known of the value of an operation. *)
Definition cost1 (senv : list st) (env : list cost) (o : op) (m : mag) : cost :=
  let gc k := nth k env cnone in
  let new := bulk1 senv env o m in
  match o with
  | OSum _ ssh _ _ _ a =>
    let c := gc a in
    mkCost (nmul (nprod ssh) (nmul (m_weight m) (c_sum c)))
      (nadd (m_constant m) (nmul (nprod ssh) (nmul (m_weight m) (c_const c)))) (c_gate c)
  | OAdd a b =>
    mkCost (nadd (c_sum (gc a)) (c_sum (gc b))) (nadd (c_const (gc a)) (c_const (gc b)))
      (bmax (c_gate (gc a)) (c_gate (gc b)))
  | OStep base js _ => mkCost (nsizes (map snd js)) (nabs base) new
  | OCon _ ssh _ _ a b =>
    let c := gc a in
    let d := gc b in
    mkCost (nmul (nprod ssh) (nadd (nmul (c_const d) (c_sum c))
        (nadd (nmul (c_const c) (c_sum d)) (nmul (c_sum c) (c_sum d)))))
      (nmul (nprod ssh) (nmul (c_const c) (c_const d)))
      (bmax (bmax (c_gate c) (c_gate d)) new)
  | OQuo lo k _ _ _ => mkCost (nc k) (nabs lo) new
  | OMax base js ssh _ _ => mkCost (nsizes (map snd js)) (nabs base) (band (nprod ssh))
  end.

(* A bound on the number of wires into the gates of an operation. *)
Definition wires1 (senv : list st) (env : list cost) (o : op) (m : mag) : npoly :=
  match o with
  | OMax _ js ssh _ a =>
    let s := nth a senv snone in
    nmul (nprod (s_sh s)) (nmul (nc (length js))
      (nmul (nprod ssh) (nadd (nadd (s_nt s) (s_nt s)) (nc 1))))
  | _ => nmul (count1 senv o) (b_fan (bulk1 senv env o m))
  end.

(* ---- programs ---- *)

(* Wires and bounds on gates after the operations, from those before them. *)
Fixpoint costs1 (ops : list op) (ms : list mag) (senv : list st) (env : list cost) (w : npoly)
    (b : bulk) : option (npoly * bulk) :=
  match ops, ms with
  | [], [] => Some (w, b)
  | o :: ops, m :: ms =>
    costs1 ops ms (senv ++ [ana1 senv o]) (env ++ [cost1 senv env o m])
      (nadd w (wires1 senv env o m)) (bmax b (bulk1 senv env o m))
  | _, _ => None
  end.

(* Bounds for every n on the circuit of a program whose operations have coefficients of these
   sizes: the wires, the wires into a gate and into a threshold gate, and the sum of its weights. *)
Definition costs (p : prog) (ms : list mag) : option (npoly * npoly * npoly * npoly) :=
  match costs1 (p_ops p) ms (map st0 (p_ins p)) (map cost0 (p_ins p)) [] bulk0 with
  | Some (w, b) => Some (w, b_fan b, b_thr b, b_weight b)
  | None => None
  end.

(* ---- coefficients ---- *)

(* Whether a coefficient is at most m on the indices of a box. *)
Definition within (ds : nat -> list nat) (c : coef) (m : npoly) : Prop :=
  forall n i, 1 <= n -> inb (ds n) i = true -> Z.abs_nat (cval c n i) <= cev m n.

(* Whether the coefficients of an operation keep to m. Thresholds do at any index. *)
Definition bounded1 (o : op) (m : mag) : Prop :=
  match o with
  | OSum osh ssh w c _ _ =>
    within (fun n => dims n osh ++ dims n ssh) w (m_weight m) /\
    within (fun n => dims n osh) c (m_constant m)
  | OStep _ js _ | OMax _ js _ _ _ => forall j n i, In j js -> 1 <= n ->
    Z.abs_nat (cval (fst j) n i) <= cev (m_constant m) n
  | _ => True
  end.

(* Whether those of all operations of a program do. *)
Definition bounded (p : prog) (ms : list mag) : Prop := Forall2 bounded1 (p_ops p) ms.

(* ---- facts about counts ---- *)

(* The greater of two counts is above the first. *)
Lemma cev_max_l p : forall q n, cev p n <= cev (nmax p q) n.
Proof.
  unfold cev. induction p as [| a p IH]; intros [| b q] n; simpl neval; try lia.
  specialize (IH q n). nia.
Qed.

(* And above the second. *)
Lemma cev_max_r p : forall q n, cev q n <= cev (nmax p q) n.
Proof.
  unfold cev. induction p as [| a p IH]; intros [| b q] n; simpl neval; try lia.
  specialize (IH q n). nia.
Qed.

(* A number that is below one of two counts is below the greater. *)
Lemma cev_max p q n k : k <= cev p n \/ k <= cev q n -> k <= cev (nmax p q) n.
Proof. pose proof (cev_max_l p q n). pose proof (cev_max_r p q n). lia. Qed.

(* The value of an absolute value. *)
Lemma cev_abs z n : cev (nabs z) n = Z.abs_nat z.
Proof. unfold cev, nabs. simpl neval. lia. Qed.

(* The value of a sum of absolute values. *)
Lemma cev_sizes l n : cev (nsizes l) n = list_sum (map Z.abs_nat l).
Proof.
  unfold cev, nsizes. simpl neval. rewrite N.mul_0_r, N.add_0_r.
  induction l; simpl; auto. rewrite N2Nat.inj_add, IHl. f_equal. lia.
Qed.
