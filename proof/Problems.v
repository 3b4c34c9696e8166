(* Classical problems in TC0, each with circuits for every n that are given as a function of n:
   majority, and every symmetric function of n bits, of which parity is one. The statements need
   Circuit.v alone. Addition.v and Sums.v also use the layers that come first here. *)
From Coq Require Import List ZArith Bool Arith Lia.
From TC0 Require Import Circuit Integers Gates Arith.
Import ListNotations.
Open Scope Z_scope.

(* ---- weights ---- *)

(* The weights of a gate. *)
Definition weights (g : fgate) : list Z :=
  match g with FAnd _ | FOr _ => [] | FThr ws _ => map fst ws end.

(* Whether each weight of each gate of a circuit is as P says. *)
Definition all_weights (P : Z -> Prop) (c : circuit) : Prop :=
  Forall (fun g => Forall P (weights g)) (gates c).

(* The weights of a tree. *)
Definition tweights (t : tree) : list Z :=
  match t with TThr ws _ => map fst ws | _ => [] end.

(* A gate has the weights of its tree. *)
Lemma weights_number1 G t : weights (number1 G t) = tweights t.
Proof. destruct t; simpl; rewrite ?map_map; reflexivity. Qed.

(* ---- layers ---- *)

(* Gates in d layers: each reads inputs and the layers before. *)
Inductive layered (ni : nat) : nat -> list tree -> Prop :=
| no_layer : layered ni 0 []
| next_layer d G gs : layered ni d G -> (forall g, In g gs -> fits ni G g) ->
    layered ni (S d) (G ++ gs).

(* One layer. *)
Lemma one_layer ni gs : (forall g, In g gs -> fits ni [] g) -> layered ni 1 gs.
Proof. intro F. apply (next_layer ni 0 [] gs (no_layer ni) F). Qed.

(* Layers are in topological order, and no level is above their number. *)
Lemma layered_topo ni d G : layered ni d G -> topo ni G /\ forall g, In g G -> (tlev g <= d)%nat.
Proof.
  induction 1 as [| d G gs L [T B] F]; [split; [apply topo_nil | easy] |].
  split; [apply topo_app; auto |]. intros g I. apply in_app_or in I.
  destruct I as [I | I]; [specialize (B g I); lia |]. destruct (F g I) as [Y K].
  rewrite tlev_kids by auto. apply le_n_S, list_max_le, Forall_map, Forall_forall.
  intros c C. specialize (K c C).
  destruct c; simpl in K; [simpl; lia | apply B, K | apply B, K | apply B, K].
Qed.

(* A bit as an output number. *)
Definition bit (t : tree) : sum := (0, [(1, (false, t))]).

(* The flat circuit of gates G whose output bits are the gates ts. *)
Definition bits_of (ni : nat) (G ts : list tree) : circuit := circuit_of ni G (map bit ts).

(* The flat circuit of layers: its size, depth, wires, weights and values are those of its trees. *)
Theorem layers_ok ni d G ts : layered ni d G -> (forall t, In t ts -> In t G) ->
  let c := bits_of ni G ts in
  wf c /\ (depth c <= d)%nat /\ size c = length G /\
  wires c = list_sum (map (fun g => length (kids g)) G) /\
  (forall P, (forall g, In g G -> Forall P (tweights g)) -> all_weights P c) /\
  forall x, eval c x = map (fun t => Z.b2z (teval x t)) ts.
Proof.
  intros L O c. destruct (layered_topo _ _ _ L) as [T B].
  assert (A : forall s l, In s (map bit ts) -> In l (lits s) -> good ni G (snd l)).
  { intros s l S I. apply in_map_iff in S. destruct S as (t & <- & S). destruct I as [<- | []].
    apply O in S. destruct t as [i | | |]; try exact S.
    destruct (in_split _ _ S) as (pre & post & E). destruct (T _ _ _ E) as [[] _]. }
  destruct (circuit_of_ok ni G (map bit ts) T A) as (W & Z & D & V).
  fold (bits_of ni G ts) in W, Z, D, V. fold c in W, Z, D, V.
  split; [exact W |]. split; [| split; [exact Z |]; split; [| split]].
  - rewrite D. apply list_max_le, Forall_map, Forall_forall. exact B.
  - unfold wires. simpl. unfold number. rewrite map_map. f_equal. apply map_ext. intro g.
    rewrite gargs_number1. apply map_length.
  - intros P H. apply Forall_map, Forall_forall. intros g I. rewrite weights_number1. auto.
  - intro x. rewrite V, map_map. apply map_ext. intro t. unfold seval, leval, bit.
    cbn [fst snd wsum]. rewrite xorb_false_l. lia.
Qed.

(* The value of a threshold gate. *)
Lemma teval_thr x ws t : teval x (TThr ws t) = (t <=? wsum (leval x) ws).
Proof. reflexivity. Qed.

(* The value of a literal that is not complemented. *)
Lemma leval_pos x t : leval x (false, t) = teval x t.
Proof. apply xorb_false_l. Qed.

(* A weighted sum over indices is a sum of integers. *)
Lemma wsum_seq x m (w : nat -> Z) (l : nat -> lit) :
  wsum (leval x) (map (fun k => (w k, l k)) (seq 0 m)) =
    bigsum m (fun k => w k * Z.b2z (leval x (l k))).
Proof. rewrite wsum_map. reflexivity. Qed.

(* ---- counting ones ---- *)

(* The number of ones among the first n inputs. *)
Definition ones (n : nat) (x : nat -> bool) : nat := length (filter x (seq 0 n)).

(* There are at most n. *)
Lemma ones_le n x : (ones n x <= n)%nat.
Proof.
  unfold ones. rewrite <- (seq_length n 0) at 2. generalize (seq 0 n) as l.
  induction l as [| i l IH]; simpl; [lia |]. destruct (x i); simpl; lia.
Qed.

(* The inputs, each with weight 1. *)
Definition units (n : nat) : list (Z * lit) := map (fun i => (1, (false, TIn i))) (seq 0 n).

(* Their sum is the number of ones. *)
Lemma wsum_units n x : wsum (leval x) (units n) = Z.of_nat (ones n x).
Proof.
  unfold units, ones. induction (seq 0 n) as [| i l IH]; [reflexivity |].
  cbn [map wsum filter]. rewrite IH, leval_pos. simpl teval.
  destruct (x i); cbn [Z.b2z length]; lia.
Qed.

(* The gate [at least t of n inputs are 1]. *)
Definition at_least (n t : nat) : tree := TThr (units n) (Z.of_nat t).

(* Its value. *)
Lemma teval_at_least x n t : teval x (at_least n t) = (t <=? ones n x)%nat.
Proof.
  unfold at_least. rewrite teval_thr, wsum_units. apply eq_true_iff_eq.
  rewrite Z.leb_le, Nat.leb_le. lia.
Qed.

(* It reads n inputs. *)
Lemma kids_at_least n t : kids (at_least n t) = map TIn (seq 0 n).
Proof. simpl. unfold units. rewrite map_map. reflexivity. Qed.

(* It may stand in the first layer. *)
Lemma fits_at_least n t : fits n [] (at_least n t).
Proof.
  split; [exact I |]. rewrite kids_at_least. intros c C. apply in_map_iff in C.
  destruct C as (i & <- & C). apply in_seq in C. simpl. lia.
Qed.

(* Its weights are 1. *)
Lemma weights_at_least n t : Forall (eq 1) (tweights (at_least n t)).
Proof. simpl. unfold units. rewrite map_map. apply Forall_map, Forall_forall. reflexivity. Qed.

(* ---- majority ---- *)

(* One gate. As in tc0's problem `majority`, more than half of the inputs must be 1. *)
Definition majority (n : nat) : circuit :=
  bits_of n [at_least n (n / 2 + 1)] [at_least n (n / 2 + 1)].

(* Majority of n bits takes one gate, on one level, with n wires and no weights. *)
Theorem majority_ok n : let c := majority n in
  wf c /\ depth c = 1%nat /\ size c = 1%nat /\ wires c = n /\ all_weights (eq 1) c /\
  forall x, eval c x = [Z.b2z (n <? 2 * ones n x)%nat].
Proof.
  destruct (layers_ok n 1 [at_least n (n / 2 + 1)] [at_least n (n / 2 + 1)])
    as (W & D & S & R & A & V); [| easy |].
  { apply one_layer. intros g [<- | []]. apply fits_at_least. }
  fold (majority n) in W, D, S, R, A, V.
  split; [exact W |]. split; [| split; [exact S |]; split; [| split]].
  - apply Nat.le_antisymm; [exact D |]. unfold depth, levels. simpl. lia.
  - rewrite R. cbn [map list_sum fold_right]. rewrite kids_at_least, map_length, seq_length.
    apply Nat.add_0_r.
  - apply A. intros g [<- | []]. apply weights_at_least.
  - intro x. rewrite V. cbn [map]. rewrite teval_at_least. do 2 f_equal. apply eq_true_iff_eq.
    rewrite Nat.leb_le, Nat.ltb_lt.
    pose proof (Nat.div_mod n 2 ltac:(lia)). pose proof (Nat.mod_upper_bound n 2 ltac:(lia)). lia.
Qed.
Print Assumptions majority_ok.

(* Majority is in TC0, on one level. *)
Theorem majority_TC0 : TC0_family 1 majority.
Proof.
  exists [1%nat]. intros n _. destruct (majority_ok n) as (W & D & S & _).
  rewrite D, S. simpl. auto with arith.
Qed.
Print Assumptions majority_TC0.

(* ---- symmetric functions ---- *)

(* How f changes from k to k + 1. *)
Definition jump (f : nat -> bool) (k : nat) : Z := Z.b2z (f (S k)) - Z.b2z (f k).

(* The changes up to c add up. *)
Lemma jumps f n c (r : nat -> bool) : (forall k, (k < n)%nat -> r k = (S k <=? c)%nat) ->
  bigsum n (fun k => jump f k * Z.b2z (r k)) = Z.b2z (f (Nat.min n c)) - Z.b2z (f 0%nat).
Proof.
  induction n as [| n IH]; intro H; [unfold bigsum; simpl; lia |].
  rewrite bigsum_S, IH, H by auto with arith. unfold jump.
  destruct (Nat.leb_spec (S n) c); cbn [Z.b2z].
  - rewrite !Nat.min_l by lia. lia.
  - rewrite !Nat.min_r by lia. lia.
Qed.

(* The last gate: from f 0, the changes of f at all numbers of ones that are reached. *)
Definition steps (f : nat -> bool) (n : nat) : tree :=
  TThr (map (fun k => (jump f k, (false, at_least n (S k)))) (seq 0 n)) (1 - Z.b2z (f 0%nat)).

(* First all [at least k of n inputs are 1] for k = 1 .. n, then the changes of f (Muroga 1959). *)
Definition symmetric (f : nat -> bool) (n : nat) : circuit :=
  bits_of n (map (fun k => at_least n (S k)) (seq 0 n) ++ [steps f n]) [steps f n].

(* What the last gate reads. *)
Lemma kids_steps f n : kids (steps f n) = map (fun k => at_least n (S k)) (seq 0 n).
Proof. simpl. rewrite map_map. reflexivity. Qed.

(* The last gate is f of the number of ones. *)
Lemma teval_steps f n x : teval x (steps f n) = f (ones n x).
Proof.
  unfold steps. rewrite teval_thr, wsum_seq, (jumps f n (ones n x)).
  - rewrite Nat.min_r by apply ones_le. apply eq_true_iff_eq. rewrite Z.leb_le.
    destruct (f (ones n x)), (f 0%nat); simpl; split; try discriminate; lia.
  - intros k _. rewrite leval_pos. apply teval_at_least.
Qed.

(* Any function f of the number of ones takes n + 1 gates on two levels, with weights -1, 0, 1. If
   f changes at every number, as parity does, no weight is 0. *)
Theorem symmetric_ok f n : let c := symmetric f n in
  wf c /\ (depth c <= 2)%nat /\ size c = (n + 1)%nat /\ wires c = (n * n + n)%nat /\
  all_weights (fun w => Z.abs w <= 1) c /\
  ((forall k, f (S k) = negb (f k)) -> all_weights (fun w => Z.abs w = 1) c) /\
  forall x, eval c x = [Z.b2z (f (ones n x))].
Proof.
  set (A := map (fun k => at_least n (S k)) (seq 0 n)).
  assert (IA : forall g, In g A -> exists k, g = at_least n (S k)).
  { intros g I. apply in_map_iff in I. destruct I as (k & <- & _). eauto. }
  destruct (layers_ok n 2 (A ++ [steps f n]) [steps f n]) as (W & D & S & R & X & V).
  - apply next_layer.
    + apply one_layer. intros g I. destruct (IA g I) as [k ->]. apply fits_at_least.
    + intros g [<- | []]. split; [exact I |]. rewrite kids_steps. intros c C.
      destruct (IA c C) as [k ->]. exact C.
  - intros t [<- | []]. apply in_or_app. right. now left.
  - change (bits_of n (A ++ [steps f n]) [steps f n]) with (symmetric f n) in *.
    split; [exact W |]. split; [exact D |]. split; [| split; [| split; [| split]]].
    + rewrite S, app_length. unfold A. rewrite map_length, seq_length. reflexivity.
    + rewrite R, map_app, list_sum_app. cbn [map list_sum fold_right]. rewrite kids_steps.
      unfold A. rewrite map_length, seq_length, map_map.
      rewrite (map_ext _ (fun _ => n)) by
        (intro; rewrite kids_at_least, map_length, seq_length; reflexivity).
      assert (E : forall l : list nat, list_sum (map (fun _ => n) l) = (length l * n)%nat)
        by (induction l; simpl; auto).
      rewrite E, seq_length. lia.
    + apply X. intros g I. apply in_app_or in I. destruct I as [I | [<- | []]].
      * destruct (IA g I) as [k ->]. eapply Forall_impl; [| apply weights_at_least].
        intros w <-. lia.
      * simpl. rewrite map_map. apply Forall_map, Forall_forall. intros k _. simpl. unfold jump.
        destruct (f k), (f (Datatypes.S k)); simpl; lia.
    + intro F. apply X. intros g I. apply in_app_or in I. destruct I as [I | [<- | []]].
      * destruct (IA g I) as [k ->]. eapply Forall_impl; [| apply weights_at_least].
        intros w <-. reflexivity.
      * simpl. rewrite map_map. apply Forall_map, Forall_forall. intros k _. simpl. unfold jump.
        rewrite F. destruct (f k); reflexivity.
    + intro x. rewrite V. cbn [map]. now rewrite teval_steps.
Qed.
Print Assumptions symmetric_ok.

(* Symmetric functions, one for each n, are in TC0, on two levels. *)
Theorem symmetric_TC0 (f : nat -> nat -> bool) : TC0_family 2 (fun n => symmetric (f n) n).
Proof.
  exists [1; 1]%nat. intros n _. destruct (symmetric_ok (f n) n) as (W & D & S & _).
  rewrite S. simpl. split; [exact W |]. split; [exact D | lia].
Qed.
Print Assumptions symmetric_TC0.

(* ---- parity ---- *)

(* Whether the number of ones is odd. tc0 builds another circuit for its problem `parity`: half as
   many gates, but weights -2 and wires that skip a level. *)
Definition parity : nat -> circuit := symmetric Nat.odd.

(* Parity of n bits takes n + 1 gates on two levels; all weights are 1 or -1. *)
Theorem parity_ok n : let c := parity n in
  wf c /\ (depth c <= 2)%nat /\ size c = (n + 1)%nat /\ wires c = (n * n + n)%nat /\
  all_weights (fun w => Z.abs w = 1) c /\
  forall x, eval c x = [Z.b2z (fold_right xorb false (map x (seq 0 n)))].
Proof.
  destruct (symmetric_ok Nat.odd n) as (W & D & S & R & _ & X & V). fold (parity n) in *.
  repeat (split; [assumption |]). split.
  - apply X. intro k. rewrite Nat.odd_succ, <- Nat.negb_odd. reflexivity.
  - intro x. rewrite V. do 2 f_equal. unfold ones.
    induction (seq 0 n) as [| i l IH]; [reflexivity |]. cbn [filter map fold_right].
    rewrite <- IH. destruct (x i); [| now rewrite xorb_false_l]. cbn [length].
    rewrite Nat.odd_succ, <- Nat.negb_odd. reflexivity.
Qed.
Print Assumptions parity_ok.

(* Parity is in TC0, on two levels. *)
Theorem parity_TC0 : TC0_family 2 parity.
Proof. apply (symmetric_TC0 (fun _ => Nat.odd)). Qed.
Print Assumptions parity_TC0.
